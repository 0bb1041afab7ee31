"""The captcha as audio: the sum spoken in Hindi or English, for people who cannot see the picture."""

from __future__ import annotations

import random
import wave
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from wss.domain.captcha import PLUS, CaptchaSum

SOUNDS = Path(__file__).parent / "sounds"
SAMPLES_A_SECOND = 8000
SILENT = 128
NOISE = 5
PAUSE_SECONDS = (0.08, 0.2)
# Each word is a little faster and higher, or slower and deeper, as if by different voices, within these limits.
SPEED = (0.95, 1.12)
LOUDNESS = (0.75, 1.0)

# The position of the question depends on the language: "how much is 8 plus 7", "8 जमा 7 कितना हुआ".
ORDER = {
    "hi": ("left", "sign", "right", "question"),
    "en": ("question", "left", "sign", "right"),
}
DEFAULT_LANGUAGE = "hi"


# Synthesis takes five times as long as a page: a browser that asks again for the same gets the same bytes.
@lru_cache(maxsize=64)
def sound(asked: CaptchaSum, language: str, seed: int = 0) -> bytes:
    """Return the sum as a WAV of less than 40,000 bytes; in Hindi for an unknown language."""
    spoken_in = language if language in ORDER else DEFAULT_LANGUAGE
    chance = random.Random(seed)  # noqa: S311 - pauses and hiss are no secret
    words = {
        "left": str(asked.left),
        "sign": "plus" if asked.sign == PLUS else "minus",
        "right": str(asked.right),
        "question": "question",
    }
    said = b"".join(
        _pause(chance) + _spoken(_clip(spoken_in, words[place]), chance) for place in ORDER[spoken_in]
    )
    return _wav(_with_hiss(said + _pause(chance), chance))


def _pause(chance: random.Random) -> bytes:
    return bytes([SILENT]) * int(chance.uniform(*PAUSE_SECONDS) * SAMPLES_A_SECOND)


def _spoken(clip: bytes, chance: random.Random) -> bytes:
    """Return a word with random speed, pitch and loudness."""
    speed, loudness = chance.uniform(*SPEED), chance.uniform(*LOUDNESS)
    said = bytearray()
    for number in range(int((len(clip) - 1) / speed)):
        place, part = divmod(number * speed, 1)
        before, after = clip[int(place)] - SILENT, clip[int(place) + 1] - SILENT
        said.append(SILENT + round(loudness * (before + (after - before) * part)))
    return bytes(said)


def _with_hiss(samples: bytes, chance: random.Random) -> bytes:
    """Return the samples with a faint noise, so that the same sum is never the same file and has no known checksum."""
    hiss = chance.choices(range(-NOISE, NOISE + 1), k=len(samples))
    return bytes(max(0, min(255, sample + faint)) for sample, faint in zip(samples, hiss, strict=True))


def _wav(samples: bytes) -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as writer:
        writer.setparams((1, 1, SAMPLES_A_SECOND, 0, "NONE", ""))
        writer.writeframes(samples)
    return made.getvalue()


@cache
def _clip(language: str, word: str) -> bytes:
    with wave.open(str(SOUNDS / language / f"{word}.wav")) as clip:
        return bytes(clip.readframes(clip.getnframes()))
