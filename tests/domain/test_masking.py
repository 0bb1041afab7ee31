"""What an unverified person may see of a connection."""

import pytest

from wss.domain.masking import first_letter, masked_address, masked_meter, masked_mobile, masked_name


@pytest.mark.parametrize(("mobile", "shown"), [("9876543234", "••••••••34"), (None, "")])
def test_a_mobile_shows_its_last_two_digits(mobile, shown):
    assert masked_mobile(mobile) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mohan Singh", "M•••• S••••"),
        ("राम प्रसाद", "रा•••• प्र••••"),
        ("क्षमा त्रिपाठी", "क्ष•••• त्रि••••"),
        ("  A  ", "A••••"),
        ("", ""),
    ],
)
def test_a_name_shows_the_first_letter_of_each_word(name, shown):
    assert masked_name(name) == shown


def test_a_short_and_a_long_name_look_alike():
    assert masked_name("Om") == masked_name("Omprakash")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("133, Sector Devipur", "Sector Devipur"),
        ("7, Gali 4, Gram Amarpur, 226001", "Gram Amarpur"),
        ("House 12 Devipur", "Devipur"),
        ("Devipur", "Devipur"),
        ("७, ग्राम अमरपुर", "ग्राम अमरपुर"),
        ("12", "••••"),
        ("", ""),
    ],
)
def test_an_address_shows_its_locality_only(address, shown):
    assert masked_address(address) == shown


def test_a_meter_shows_its_last_three():
    assert masked_meter("UP98696470") == "••••••470"
    assert masked_meter("12") == "••••••"
    assert masked_meter(None) == ""


@pytest.mark.parametrize(
    ("word", "letter"), [("श्रीमती", "श्री"), ("कृष्णा", "कृ"), ("É", "É"), ("E\u0301a", "E\u0301"), ("", "")]
)
def test_the_first_letter_keeps_its_vowel_sign(word, letter):
    assert first_letter(word) == letter
