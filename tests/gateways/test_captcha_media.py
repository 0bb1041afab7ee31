"""The picture and the sound of the captcha: small, different each time, and complete."""

import wave
from io import BytesIO

import pytest
from PIL import Image

from wss.domain.captcha import DIGITS, MINUS, PLUS, CaptchaSum, all_sums
from wss.gateways.captcha_audio import ORDER, _clip, sound
from wss.gateways.captcha_image import SIZE, picture


def test_the_picture_of_every_sum_weighs_less_than_two_thousand_bytes():
    assert max(len(picture(asked, seed)) for asked in all_sums() for seed in range(3)) < 2_000


def test_a_picture_is_a_png_of_the_displayed_size():
    drawn = Image.open(BytesIO(picture(CaptchaSum(8, "+", 7), 1)))

    assert (drawn.format, drawn.size) == ("PNG", SIZE)


def test_a_picture_carries_nothing_but_its_dots():
    drawn = Image.open(BytesIO(picture(CaptchaSum(8, "+", 7), 1)))
    drawn.load()

    assert drawn.info == {}


def test_the_same_seed_draws_the_same_picture():
    assert picture(CaptchaSum(8, "+", 7), 5) == picture(CaptchaSum(8, "+", 7), 5)


def test_another_seed_draws_another_picture_of_the_same_sum():
    assert picture(CaptchaSum(8, "+", 7), 5) != picture(CaptchaSum(8, "+", 7), 6)


@pytest.mark.parametrize("language", sorted(ORDER))
def test_the_sound_of_every_sum_weighs_less_than_forty_thousand_bytes(language):
    # The seed alone decides how fast each word is spoken: the longest words make the longest sound of a seed.
    longest = max(DIGITS, key=lambda digit: len(_clip(language, str(digit))))
    sums = [CaptchaSum(longest, sign, longest) for sign in (PLUS, MINUS)]

    assert max(len(sound(asked, language, seed)) for asked in sums for seed in range(5)) < 40_000


@pytest.mark.parametrize("language", sorted(ORDER))
def test_a_sound_plays_for_one_to_five_seconds(language):
    with wave.open(BytesIO(sound(CaptchaSum(8, "-", 7), language))) as played:
        seconds = played.getnframes() / played.getframerate()
        shape = (played.getnchannels(), played.getsampwidth(), played.getframerate())

    assert shape == (1, 1, 8000)
    assert 1 < seconds < 5


def test_the_two_languages_sound_different():
    assert sound(CaptchaSum(8, "+", 7), "hi", 1) != sound(CaptchaSum(8, "+", 7), "en", 1)


def test_an_unknown_language_is_answered_in_hindi():
    assert sound(CaptchaSum(8, "+", 7), "xx", 1) == sound(CaptchaSum(8, "+", 7), "hi", 1)


def test_a_sum_cannot_be_recognised_by_the_checksum_of_its_sound():
    assert sound(CaptchaSum(8, "+", 7), "hi", 1) != sound(CaptchaSum(8, "+", 7), "hi", 2)
