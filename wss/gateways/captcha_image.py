"""Draws the small sum as a picture that a person reads at once on a cheap phone."""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from wss.domain.captcha import MINUS, PLUS, Sum

FONT = Path(__file__).parent / "fonts" / "captcha.ttf"
SIZE = (192, 64)
CELL = 56
GLYPH_HEIGHT = 50
NOISE_LINES = 5
SPECKS = 40

# Four colours, two bits a dot: paper, two greys and ink. The greys also smooth the edges of the figures.
COLOURS = 4
PAPER, PALE, INK = 255, 170, 0


def picture(asked: Sum, seed: int) -> bytes:
    """The sum as a PNG of less than 2,000 bytes; the same seed draws the same picture."""
    chance = random.Random(seed)  # noqa: S311 - the look of the picture is no secret
    paper = Image.new("L", SIZE, PAPER)
    _draw_noise(ImageDraw.Draw(paper), chance)
    left = (SIZE[0] - 3 * CELL) // 2
    for place, sign in enumerate(asked.text):
        glyph = _glyph(sign, chance)
        at = (
            left + place * CELL + chance.randint(-4, 4),
            (SIZE[1] - CELL) // 2 + chance.randint(-3, 3),
        )
        paper.paste(INK, at, glyph)
    made = BytesIO()
    paper.quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True, bits=2)
    return made.getvalue()


def _glyph(sign: str, chance: random.Random) -> Image.Image:
    """One figure or sign as a mask, turned a little."""
    mask = Image.new("L", (CELL, CELL), 0)
    draw = ImageDraw.Draw(mask)
    middle = CELL // 2
    if sign in (PLUS, MINUS):
        # The signs of the font are small and could pass for noise: plain thick bars cannot.
        draw.rectangle((middle - 15, middle - 3, middle + 15, middle + 3), fill=255)
        if sign == PLUS:
            draw.rectangle((middle - 3, middle - 15, middle + 3, middle + 15), fill=255)
    else:
        draw.text((middle, middle), sign, fill=255, font=_font(), anchor="mm")
    return mask.rotate(chance.uniform(-14, 14), Image.Resampling.BICUBIC)


def _draw_noise(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Pale thin lines and specks under the figures: they hinder programs more than people."""
    width, height = SIZE
    for _ in range(NOISE_LINES):
        ends = (0, chance.randrange(height), width, chance.randrange(height))
        draw.line(ends, fill=PALE, width=chance.choice((1, 2)))
    for _ in range(SPECKS):
        draw.point((chance.randrange(width), chance.randrange(height)), fill=PALE)


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), GLYPH_HEIGHT)
