"""The captcha as a picture: the sum, readable at once on a cheap phone."""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from wss.domain.captcha import MINUS, PLUS, CaptchaSum

FONT = Path(__file__).parent / "fonts" / "captcha.ttf"
SIZE = (192, 64)
CELL = 56
GLYPH_HEIGHT = 50
# The distance between the figures; some touch.
STEP = (44, 52)
NOISE_LINES = 3
STROKES = 3
SPECKS = 40

# Four colours, two bits a dot: paper, two greys and ink. The greys also smooth the edges of the figures.
COLOURS = 4
PAPER, PALE, INK = 255, 170, 0


def picture(asked: CaptchaSum, seed: int) -> bytes:
    """Return the sum as a PNG of less than 2,000 bytes; the same seed draws the same picture."""
    chance = random.Random(seed)  # noqa: S311 - the look of the picture is no secret
    paper = Image.new("L", SIZE, PAPER)
    _draw_noise(ImageDraw.Draw(paper), chance)
    steps = [chance.randint(*STEP) for _ in asked.text[1:]]
    left = chance.randint(0, SIZE[0] - CELL - sum(steps))
    for place, sign in enumerate(asked.text):
        at = (left + sum(steps[:place]), (SIZE[1] - CELL) // 2 + chance.randint(-3, 3))
        paper.paste(INK, at, _glyph(sign, chance))
    _draw_strokes(ImageDraw.Draw(paper), chance)
    made = BytesIO()
    paper.quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True, bits=2)
    return made.getvalue()


def _glyph(sign: str, chance: random.Random) -> Image.Image:
    """Return one figure or sign as a mask, rotated a little."""
    mask = Image.new("L", (CELL, CELL), 0)
    draw = ImageDraw.Draw(mask)
    middle = CELL // 2
    if sign in (PLUS, MINUS):
        # The signs of the font are small and could be taken for noise: plain thick bars cannot.
        draw.rectangle((middle - 15, middle - 3, middle + 15, middle + 3), fill=255)
        if sign == PLUS:
            draw.rectangle((middle - 3, middle - 15, middle + 3, middle + 15), fill=255)
    else:
        draw.text((middle, middle), sign, fill=255, font=_font(), anchor="mm")
    return _warped(mask.rotate(chance.uniform(-14, 14), Image.Resampling.BICUBIC), chance)


def _warped(mask: Image.Image, chance: random.Random) -> Image.Image:
    """Return the figure slanted, and a little narrower or taller.

    Each corner is moved separately, so that no two figures are alike.
    """
    corners = [
        (x + chance.uniform(-5, 5), y + chance.uniform(-5, 5))
        for x, y in ((0, 0), (0, CELL), (CELL, CELL), (CELL, 0))
    ]
    quad = tuple(value for corner in corners for value in corner)
    return mask.transform((CELL, CELL), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)


def _draw_strokes(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Draw thin strokes of the same ink through the figures, from side to side: no threshold removes them."""
    width, height = SIZE
    for _ in range(STROKES):
        bend = (width // 2 + chance.randint(-30, 30), chance.randrange(height))
        ends = ((0, chance.randrange(height)), bend, (width, chance.randrange(height)))
        draw.line(ends, fill=INK, width=chance.choice((1, 2)), joint="curve")


def _draw_noise(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Draw pale thin lines and specks under the figures: they hinder programs more than people."""
    width, height = SIZE
    for _ in range(NOISE_LINES):
        ends = (0, chance.randrange(height), width, chance.randrange(height))
        draw.line(ends, fill=PALE, width=chance.choice((1, 2)))
    for _ in range(SPECKS):
        draw.point((chance.randrange(width), chance.randrange(height)), fill=PALE)


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), GLYPH_HEIGHT)
