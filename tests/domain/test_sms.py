"""The length of an SMS: characters, parts, and where a text is cut."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.sms import SmsTemplate, is_unicode, parts, units

HINDI, PLAIN = "क", "a"
EMOJI = "\U0001f600"


@pytest.mark.parametrize("text", ["WSS 1912", "à Ø £ ¤ §", "{[~]}|^\\€", "a\nb", ""])
def test_signs_of_every_telephone_need_no_unicode(text: str):
    assert not is_unicode(text)


@pytest.mark.parametrize("text", ["शिकायत", "₹ 10", "a–b", "\u2019", "`", "ç", EMOJI, "\t"])
def test_one_other_sign_makes_the_whole_text_unicode(text: str):
    assert is_unicode(f"WSS {text}")


@pytest.mark.parametrize(
    ("sign", "signs", "count"),
    [
        *((HINDI, 70, 1), (HINDI, 71, 2), (HINDI, 134, 2), (HINDI, 135, 3), (HINDI, 201, 3), (HINDI, 202, 4)),
        *((PLAIN, 160, 1), (PLAIN, 161, 2), (PLAIN, 306, 2), (PLAIN, 307, 3)),
        # Escaped characters count twice; a part of 153 can hold 76 of them.
        *(("€", 80, 1), ("€", 81, 2), ("€", 152, 2), ("€", 153, 3)),
        # Two units each; a part of 67 can hold 33 of them.
        *((EMOJI, 35, 1), (EMOJI, 36, 2), (EMOJI, 66, 2), (EMOJI, 67, 3)),
    ],
)
def test_so_many_signs_take_so_many_parts(sign: str, signs: int, count: int):
    assert len(parts(sign * signs)) == count


@pytest.mark.parametrize(
    ("first", "sign", "rest"),
    [("a" * 152, "€", "b" * 20), (HINDI * 66, EMOJI, HINDI * 10)],
    ids=["an escaped sign", "a pair of units"],
)
def test_a_sign_of_two_units_is_never_cut(first: str, sign: str, rest: str):
    assert [part[0] for part in parts(first + sign + rest)] == [first[0], sign]
    assert parts(first + sign + rest)[0] == first


@given(st.text(st.sampled_from("aé€{कॉ₹" + EMOJI), max_size=400))
def test_the_parts_are_the_text_and_each_fits(text: str):
    cut = parts(text)
    sizes = (70, 67) if is_unicode(text) else (160, 153)

    assert "".join(cut) == text
    assert all(width(part, text) <= sizes[len(cut) > 1] for part in cut)


def width(part: str, of: str) -> int:
    """Return the units that a part takes in the alphabet of its text."""
    return units(HINDI + part) - 1 if is_unicode(of) else units(part)


@given(st.text(max_size=300))
def test_unicode_is_counted_as_it_is_sent(text: str):
    assert units(f"{HINDI}{text}") == len(f"{HINDI}{text}".encode("utf-16-le", "surrogatepass")) // 2


def test_a_template_is_registered_with_the_sites_address_and_kinds_for_values():
    template = SmsTemplate(
        "resolved", "en", "{#complaint_no#}: {#site#}/confirm/{#token#}", "https://bijli.in"
    )

    assert template.tagged == "{#alphanumeric#}: https://bijli.in/confirm/{#alphanumeric#}"


def test_the_share_of_values_is_of_the_longest_text():
    template = SmsTemplate("closed", "en", "{#complaint_no#} is closed -UPPCL")

    assert template.share == Fraction(13, 30)
