"""Makes the short spoken words of which the captcha's sound is composed.

Run once, when a word changes:  python devtools/make_sounds.py

It needs only the program espeak-ng. Each word is spoken, stripped of silence, normalized in volume, resampled to
8,000 samples a second of 8 bits, and written to wss/gateways/sounds.
"""

import array
import math
import subprocess
import sys
import wave
from io import BytesIO
from pathlib import Path

SOUNDS = Path(__file__).parents[1] / "wss" / "gateways" / "sounds"
RATE = 8000
LOUDNESS = 112
SILENCE = 0.02
EDGE_SECONDS = 0.02
WORDS_A_MINUTE = "130"

VOICES = {"hi": "hi", "en": "en-gb"}
WORDS = {
    "hi": {
        "0": "शून्य", "1": "एक", "2": "दो", "3": "तीन", "4": "चार", "5": "पाँच", "6": "छह", "7": "सात",
        "8": "आठ", "9": "नौ", "plus": "जमा", "minus": "घटा", "question": "कितना हुआ",
    },
    "en": {
        "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
        "8": "eight", "9": "nine", "plus": "plus", "minus": "minus", "question": "how much is",
    },
}  # fmt: skip


def spoken(word: str, voice: str) -> tuple[int, list[float]]:
    """Return one word as espeak-ng speaks it: samples per second, and the samples between -1 and 1."""
    command = ["espeak-ng", "-v", voice, "-s", WORDS_A_MINUTE, "--stdout", word]
    said = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(BytesIO(said)) as sound:
        rate = sound.getframerate()
        samples = array.array("h", sound.readframes(sound.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return rate, [sample / 32768 for sample in samples]


def resampled(samples: list[float], rate: int) -> list[float]:
    """Return the same sound at 8,000 samples a second, after a low-pass filter against aliasing."""
    step = rate / RATE
    reach = math.ceil(8 * step)
    made = []
    for place in range(int(len(samples) / step)):
        middle = place * step
        around = range(max(0, int(middle) - reach), min(len(samples), int(middle) + reach + 1))
        weights = [_weight((at - middle) / step, reach / step) for at in around]
        made.append(sum(samples[at] * weight for at, weight in zip(around, weights, strict=True)) / step)
    return made


def _weight(distance: float, reach: float) -> float:
    if abs(distance) >= reach:
        return 0.0
    window = 0.5 + 0.5 * math.cos(math.pi * distance / reach)
    angle = math.pi * distance * 0.95
    return 0.95 * window * (math.sin(angle) / angle if angle else 1.0)


def trimmed(samples: list[float]) -> list[float]:
    """Return the word without the silence around it."""
    loudest = max(map(abs, samples))
    heard = [place for place, sample in enumerate(samples) if abs(sample) > loudest * SILENCE]
    edge = int(EDGE_SECONDS * RATE)
    return samples[max(0, heard[0] - edge) : heard[-1] + edge]


def main() -> None:
    """Write every clip of both languages."""
    for language, words in WORDS.items():
        for name, word in words.items():
            rate, samples = spoken(word, VOICES[language])
            clip = trimmed(resampled(samples, rate))
            loudest = max(map(abs, clip))
            with wave.open(str(SOUNDS / language / f"{name}.wav"), "wb") as made:
                made.setparams((1, 1, RATE, 0, "NONE", ""))
                made.writeframes(bytes(round(128 + sample / loudest * LOUDNESS) for sample in clip))
            print(language, name, len(clip), "bytes")


if __name__ == "__main__":
    main()
