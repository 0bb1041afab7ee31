"""What every notice says, in both languages, and that no value is ever read as anything but a value."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.notices import NOTICES
from wss.gateways.wording import FOLDER, Unworded, variables, word

PARTS = {"sms": ("sms",), "email": ("subject", "body")}
# As long as such a value gets; an SMS must hold with these.
LONGEST = {
    "otp": "123456",
    "reference_no": "12345678",
    "complaint_no": "100 0000 0016",
    "promised_on": "24-11-2026",
    "account_no": "511820841163",
    "bill_no": ", ".join(["RV10000000016"] * 12),
    "kind": "बिल संशोधन",
    "link": "https://wss.example.in/confirm/" + "x" * 32,
    "site": "https://wss.example.in",
    "post": "अधीक्षण अभियन्ता",
    "user_name": "pooja.sharma-of-kumarpur.12345",
    "track_link": "https://wss.example.in/t/ABCDEFGHJK",
    "dispute_link": "https://wss.example.in/dispute/" + "x" * 32,
}
# What the code that queues a notice gives it (beside `site`, which the outbox adds).
_CODE, _LINK, _REQUEST = {"otp", "reference_no"}, {"link"}, {"complaint_no", "kind"}
_CODES = {name for name in NOTICES if name.endswith("_otp")}
_LINKS = {"confirm_email", "activation", "not_me", "reset_link", "mobile_coming", "register_link"}
_BOTH_LINKS = {"track_link", "dispute_link"}
GIVEN = {
    **dict.fromkeys((*_CODES, "already_registered"), _CODE),
    **dict.fromkeys(_LINKS, _LINK),
    **dict.fromkeys(("question", "reopened", "withdrawn", "dispute_lifted", "dispute_cancelled"), _REQUEST),
    **dict.fromkeys(("resolved", "confirm_reminder"), _REQUEST | _LINK),
    "closed": _REQUEST,
    "escalated": _REQUEST | {"post"},
    "user_name": {"user_name"},
    "bill_revised": {"account_no", "bill_no"},
    "request_registered": _REQUEST | _LINK | {"account_no", "promised_on"},
    "request_registered_1912": _REQUEST | _BOTH_LINKS | {"account_no", "promised_on"},
    "documents_link": _REQUEST | _LINK,
}
MUST_SAY = {
    **dict.fromkeys(_CODES - {"old_mobile_otp"}, _CODE),
    "old_mobile_otp": {"otp"},
    **dict.fromkeys(_LINKS, _LINK),
    "user_name": {"user_name"},
    "resolved": {"complaint_no", "link"},
    "confirm_reminder": {"complaint_no", "link"},
    "bill_revised": {"account_no"},
    "escalated": {"complaint_no", "post"},
    "dispute_lifted": {"complaint_no"},
    "dispute_cancelled": {"complaint_no"},
    "request_registered": {"complaint_no", "promised_on", "link"},
    "request_registered_1912": {"complaint_no"} | _BOTH_LINKS,
    "documents_link": {"complaint_no", "link"},
}
EVERY = [
    (name, language, part)
    for name, notice in NOTICES.items()
    for language in ("hi", "en")
    for channel in notice.channels
    for part in PARTS[channel]
]
ONE_PART_HINDI, ONE_PART_ENGLISH, THREE_PARTS_HINDI = 70, 160, 3 * 67


@pytest.mark.parametrize(("name", "language", "part"), EVERY)
def test_a_notice_takes_only_values_that_it_is_given(name: str, language: str, part: str):
    assert set(variables(name, language, part)) <= GIVEN.get(name, set()) | {"site"}


@pytest.mark.parametrize("name", sorted(MUST_SAY))
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_notice_says_what_it_is_for(name: str, language: str):
    said = {
        variable
        for channel in NOTICES[name].channels
        for variable in variables(name, language, PARTS[channel][-1])
    }

    assert MUST_SAY[name] <= said


def test_somebody_who_is_registered_is_never_told_a_code():
    for language in ("hi", "en"):
        assert "otp" not in variables("already_registered", language, "sms")


def test_no_template_lies_about_that_no_notice_uses():
    used = {FOLDER / name / language / f"{part}.txt" for name, language, part in EVERY}

    assert set(FOLDER.rglob("*.txt")) == used


def sms(name: str, language: str) -> str:
    post = "the Superintending Engineer" if language == "en" else LONGEST["post"]
    return word(name, "sms", language, {**LONGEST, "post": post}).text


SMS = [name for name, notice in NOTICES.items() if "sms" in notice.channels]


@pytest.mark.parametrize("name", SMS)
def test_an_english_sms_is_plain_text_of_one_part(name: str):
    text = sms(name, "en")

    assert text.isascii() and len(text) <= ONE_PART_ENGLISH


@pytest.mark.parametrize("name", SMS)
def test_a_hindi_sms_without_an_address_in_it_is_of_one_part(name: str):
    has_address = {"link", "site", *_BOTH_LINKS} & set(variables(name, "hi", "sms"))

    assert len(sms(name, "hi")) <= (THREE_PARTS_HINDI if has_address else ONE_PART_HINDI)


def test_the_hindi_sms_with_the_complaint_number_and_its_short_link_is_of_one_part():
    values = {**LONGEST, "link": "https://wss.example.in/t/ABCDEFGHJK"}

    assert len(word("request_registered", "sms", "hi", values).text) <= ONE_PART_HINDI


@pytest.mark.parametrize("name", sorted(_CODES))
def test_a_code_stands_before_everything_else_in_the_preview_of_a_phone(name: str):
    assert all(LONGEST["otp"] in sms(name, language)[:ONE_PART_HINDI] for language in ("hi", "en"))


@pytest.mark.parametrize("name", SMS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_an_sms_is_one_line_and_signed(name: str, language: str):
    text = sms(name, language)

    assert len(text.splitlines()) == 1 and text.endswith("-UPPCL")


@pytest.mark.parametrize("name", SMS)
def test_the_hindi_text_is_hindi(name: str):
    assert re.search("[\u0900-\u097f]{2}", sms(name, "hi")) and not re.search(
        "[\u0966-\u096f]", sms(name, "hi")
    )


@pytest.mark.parametrize(
    "value",
    [
        *("{{7*7}}", "{#otp#}", "{#reference_no#}", "{# otp #}", "{otp}", "%(otp)s", "${otp}"),
        *("\\g<0>", "\\1", "<b>x</b>"),
    ],
)
def test_a_value_is_put_in_as_it_is_and_never_read(value: str):
    text = word("registration_otp", "sms", "en", {"otp": value, "reference_no": "777"}).text

    assert text.startswith(f"{value} is your OTP") and "(reference 777)" in text


@given(st.text(max_size=80))
def test_whatever_the_value_an_sms_stays_one_line(value: str):
    text = word("registration_otp", "sms", "en", {"otp": value, "reference_no": "1"}).text

    assert len(text.splitlines()) == 1 and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text)


@given(st.text(max_size=80))
def test_whatever_the_value_a_subject_stays_one_line(value: str):
    subject = word("request_registered", "email", "en", {**LONGEST, "complaint_no": value}).subject

    assert len(subject.splitlines()) == 1


def test_a_missing_value_is_told_and_not_left_empty():
    with pytest.raises(Unworded):
        word("registration_otp", "sms", "en", {"otp": "123456"})


@pytest.mark.parametrize(
    ("name", "language"), [("nosuch", "en"), ("registration_otp", "fr"), ("../../wss", "en")]
)
def test_a_notice_without_template_is_told(name: str, language: str):
    with pytest.raises(Unworded):
        word(name, "sms", language, LONGEST)
