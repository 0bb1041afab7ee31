"""The captcha of the login page: its sum and the right answers."""

import random
from collections import Counter

import pytest

from wss.domain.captcha import CaptchaSum, all_sums, is_right, new_sum, sum_of


def test_every_answer_lies_between_nought_and_eighteen():
    assert {asked.answer for asked in all_sums()} == set(range(19))


def test_a_sum_is_written_without_spaces():
    assert CaptchaSum(8, "+", 7).text == "8+7"


def test_every_sum_is_read_back_from_its_text():
    assert [sum_of(asked.text) for asked in all_sums()] == all_sums()


@pytest.mark.parametrize("text", ["", "8", "8+", "8*7", "88+7", "8+7 ", "八+7", "८+७"])
def test_a_text_that_is_no_sum_is_not_read(text):
    with pytest.raises(ValueError, match="not a sum"):
        sum_of(text)


RIGHT = ("15", " 15 ", "1 5", "१५", " १५", "1५", "\u200b15")
WRONG = ("", " ", "14", "8+7", "fifteen", "15.0", "1e1", "015", "+", "²", "9" * 5000)


@pytest.mark.parametrize(
    ("typed", "expected"), [*((typed, True) for typed in RIGHT), *((typed, False) for typed in WRONG)]
)
def test_only_the_right_answer_is_right_in_any_digits_and_spacing(typed, expected):
    assert is_right(CaptchaSum(8, "+", 7), typed) is expected


def test_no_answer_is_much_more_likely_than_another():
    chance = random.Random(1)

    answers = Counter(new_sum(chance).answer for _ in range(19_000))

    assert set(answers) == set(range(19))
    assert max(answers.values()) < 1_200


def test_the_systems_own_chance_serves_too():
    assert new_sum(random.SystemRandom()) in all_sums()
