"""P17: how many captchas a program solves without our code.

Captchas only slow attackers down: the rate limits hold even if all are solved.
"""

import random
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageFilter

from bench.measure import BenchmarkOptions, Row, informative
from wss.domain.captcha import CaptchaSum, all_sums
from wss.gateways.captcha_audio import sound
from wss.gateways.captcha_image import picture

LABELLED, READ = 80, 60
_DARK = 90
# Of sounds: the samples per frame, the loudness up to which a frame is silent, and the frames of a pause between
# words.
_FRAME, _SILENT, _PAUSE = 80, 12, 7
Vector = Sequence[float]


def measure(options: BenchmarkOptions) -> list[Row]:
    """Return each solver and how many captchas it solves."""
    chance = random.Random(17)
    known, asked = _samples(chance, LABELLED), _samples(chance, options.captchas)
    rows = [
        _nearest("the nearest of 80 labelled pictures", known, asked, _of_picture),
        _nearest("the nearest of 80 labelled sounds", known, asked, _of_sound),
    ]
    return [*rows, _tesseract(asked[:READ])]


def _samples(chance: random.Random, how_many: int) -> list[tuple[CaptchaSum, int]]:
    return [(chance.choice(all_sums()), chance.getrandbits(64)) for _each in range(how_many)]


def _nearest(
    what: str,
    known: list[tuple[CaptchaSum, int]],
    asked: list[tuple[CaptchaSum, int]],
    split: Callable[[CaptchaSum, int], list[Vector]],
) -> Row:
    """Solve captchas by the nearest labelled part: each captcha is cut into its three parts."""
    labelled: list[list[tuple[Vector, str]]] = [[], [], []]
    for one in known:
        for place, part in enumerate(split(*one)):
            labelled[place].append((part, one[0].text[place]))
    began, right = time.perf_counter(), 0
    for one in asked:
        read = "".join(_most_like(part, labelled[place]) for place, part in enumerate(split(*one)))
        right += read == one[0].text
    return _row(what, right, len(asked), began)


def _most_like(part: Vector, labelled: list[tuple[Vector, str]]) -> str:
    return min(labelled, key=lambda other: sum(abs(a - b) for a, b in zip(part, other[0], strict=True)))[1]


def _of_picture(asked: CaptchaSum, seed: int) -> list[Vector]:
    """Return the dark parts without thin strokes, cut at the two emptiest columns near one third and two thirds."""
    # Morphological opening: ink is thinned and thickened again, which removes strokes of one or two pixels.
    thick = _dark(asked, seed).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    ink = thick.point(lambda dot: 255 - dot)
    ink = ink.crop(ink.getbbox() or (0, 0, *ink.size))
    width, height = ink.size
    columns = [sum(ink.crop((x, 0, x + 1, height)).tobytes()) for x in range(width)]
    near = max(1, width // 8)
    cuts = [min(range(at - near, at + near), key=lambda x: columns[x]) for at in (width // 3, 2 * width // 3)]
    parts = [ink.crop((start, 0, end, height)) for start, end in zip((0, *cuts), (*cuts, width), strict=True)]
    return [
        [float(dot) for dot in part.crop(part.getbbox() or (0, 0, *part.size)).resize((12, 18)).tobytes()]
        for part in parts
    ]


def _dark(asked: CaptchaSum, seed: int) -> Image.Image:
    grey = Image.open(BytesIO(picture(asked, seed))).convert("L")
    return grey.point(lambda dot: 0 if dot < _DARK else 255)


def _of_sound(asked: CaptchaSum, seed: int) -> list[Vector]:
    """Return the English words after "how much is", cut at the pauses: loudness and zero crossings of their parts."""
    with wave.open(BytesIO(sound(asked, "en", seed))) as played:
        samples = [one - 128 for one in played.readframes(played.getnframes())]
    loud = [max(map(abs, samples[at : at + _FRAME])) > _SILENT for at in range(0, len(samples), _FRAME)]
    words, quiet = [[0, 0]], _PAUSE
    for number, is_loud in enumerate(loud):
        if is_loud and quiet >= _PAUSE:
            words.append([number, number])
        quiet = 0 if is_loud else quiet + 1
        words[-1][1] = number + 1 if is_loud else words[-1][1]
    last = sorted(sorted(words, key=lambda word: word[0] - word[1])[:4])[-3:]
    return [_shape_of(samples[start * _FRAME : end * _FRAME]) for start, end in ([[0, 1]] * 3 + last)[-3:]]


def _shape_of(word: list[int]) -> Vector:
    step, loudest = max(1, len(word) / 24), max(1, *map(abs, word))
    parts = [word[int(n * step) : max(int(n * step) + 2, int((n + 1) * step))] for n in range(24)]
    loud = [sum(map(abs, part)) / max(1, len(part)) / loudest for part in parts]
    crossings = [sum(a * b < 0 for a, b in pairwise(part)) / max(1, len(part)) for part in parts]
    return [*loud, *crossings]


def _tesseract(asked: list[tuple[CaptchaSum, int]]) -> Row:
    """Measure Tesseract, the common OCR program."""
    program = shutil.which("tesseract")
    if program is None:
        return Row("P17", "captchas solved by tesseract", "not installed", "—", "—", "—", None)
    began, right = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for one in asked:
            path = Path(folder) / "sum.png"
            _dark(*one).filter(ImageFilter.MedianFilter(3)).resize((576, 192)).save(path)
            command = [program, str(path), "-", "--psm", "7", "-c", "tessedit_char_whitelist=0123456789+-"]
            read = subprocess.run(command, capture_output=True, text=True, check=False).stdout
            right += "".join(read.split()) == one[0].text
    return _row("tesseract after threshold and median", right, len(asked), began)


def _row(by: str, right: int, of: int, began: float) -> Row:
    each_ms = 1_000 * (time.perf_counter() - began) / of
    return informative(
        "P17", f"captchas solved by {by}, {of} tried, {each_ms:.0f} ms each", [100 * right / of], "%"
    )
