"""Amounts in words, in lakh and crore."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.number_words import number_in_words, rupees_in_words


@pytest.mark.parametrize(
    ("paise", "english", "hindi"),
    [
        (4046_70, "Rs four thousand forty-six and seventy paise", "चार हज़ार छियालीस रुपये सत्तर पैसे"),
        (0, "Rs zero", "शून्य रुपये"),
        (1_00, "Rs one", "एक रुपया"),
        (5, "Rs zero and five paise", "शून्य रुपये पाँच पैसे"),
        (-100_00, "Rs one hundred", "एक सौ रुपये"),
        (12_34_567_00, "Rs twelve lakh thirty-four thousand five hundred sixty-seven",
         "बारह लाख चौंतीस हज़ार पाँच सौ सड़सठ रुपये"),
        (1_00_00_000_00, "Rs one crore", "एक करोड़ रुपये"),
    ],
)  # fmt: skip
def test_an_amount_is_written_out(paise, english, hindi):
    assert rupees_in_words(paise, "en") == english
    assert rupees_in_words(paise, "hi") == hindi


def test_every_number_below_a_hundred_has_a_word_of_its_own():
    for language in ("en", "hi"):
        assert len({number_in_words(number, language) for number in range(100)}) == 100


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_numbers_are_never_written_alike(one, other):
    for language in ("en", "hi"):
        alike = number_in_words(one, language) == number_in_words(other, language)
        assert alike is (one == other)


def test_there_is_no_word_for_less_than_nothing():
    with pytest.raises(ValueError, match="zero"):
        number_in_words(-1, "en")
