"""The texts of every notice, in both languages; no value is ever interpreted as anything but a value."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.actor import HANDLING_POSTS, Role
from wss.domain.notices import NOTICES
from wss.domain.sms import MOST_VARIABLE, SmsTemplate, is_unicode, parts
from wss.gateways.message_texts import (
    FOLDER,
    MessageTextError,
    message_of,
    own_texts,
    parts_of,
    text_fault,
    variables,
)

ESCALATED_TO = sorted(HANDLING_POSTS)
PARTS = {"sms": ("sms",), "email": ("subject", "body")}
# The longest such values; the text of an SMS must fit with these.
LONGEST = {
    "otp": "123456",
    "reference_no": "12345678",
    "complaint_no": "100 0000 0016",
    "new_no": "100 0000 0024",
    "promised_on": "24-11-2026",
    "account_no": "511820841163",
    "bill_no": ", ".join(["RV10000000016"] * 12),
    "kind": "बिल संशोधन",
    "link": "https://wss.example.in/confirm/" + "x" * 27,
    "token": "x" * 27,
    "track_token": "ABCDEFGHJK",
    "dispute_token": "x" * 27,
    "phone_token": "ABCDEFGHJK",
    "site": "https://wss.example.in",
    "post": "अधीक्षण अभियन्ता",
    "user_name": "pooja.sharma-of-kumarpur.12345",
    **dict.fromkeys(("issued", "revised", "to_pay", "comes_back", "amount"), "9,99,999.90"),
    "account_end": "1163",
    "units": "123456",
    "times": "123.4",
    "starts_at": "24-11-2026 15:30",
    **dict.fromkeys(("due_on", "answer_by", "closes_on", "reopen_by"), "24-11-2026"),
    "note": "रीडिंग ठीक की गई। " * 20,
}
# The end of a link in an SMS, for the whole address in an e-mail.
_TOKEN = {"token": "link"}
_CODES = {name for name in NOTICES if name.endswith("_otp")}
WITH_A_LINK = sorted(name for name, notice in NOTICES.items() if "link" in notice.variables)
EVERY = [(name, language, part) for name in NOTICES for language in ("hi", "en") for part in parts_of(name)]
OF_REQUESTS = [(name, language, part) for name, language, part in EVERY if part == "sms_req"]
ONE_PART_HINDI = 70


def said(name: str, language: str, channel: str) -> set[str]:
    """Return the values that the texts of a notice name, without the site's own address."""
    named = {each for part in PARTS[channel] for each in variables(name, language, part)}
    return {_TOKEN.get(each, each) for each in named} - {"site"}


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_notice_names_the_values_of_its_row(name: str, language: str):
    notice = NOTICES[name]

    assert set().union(*(said(name, language, each) for each in notice.channels)) == set(notice.variables)


@pytest.mark.parametrize("name", WITH_A_LINK)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_notice_with_a_link_has_it_in_each_channel(name: str, language: str):
    assert all("link" in said(name, language, channel) for channel in NOTICES[name].channels)


def test_a_registered_consumer_is_never_sent_a_code():
    for language in ("hi", "en"):
        assert "otp" not in variables("already_registered", language, "sms")


def test_no_template_lies_about_that_no_notice_uses():
    used = {FOLDER / name / language / f"{part}.txt" for name, language, part in EVERY}

    assert set(FOLDER.rglob("*.txt")) == used


def sms(name: str, language: str) -> str:
    post = "the superintending engineer" if language == "en" else LONGEST["post"]
    token = LONGEST["track_token"] if name == "request_registered" else LONGEST["token"]
    number = "10000000016" if name == "escalated" else LONGEST["complaint_no"]
    values = {**LONGEST, "post": post, "token": token, "complaint_no": number}
    return message_of(name, "sms", language, values).text


SMS = [name for name, notice in NOTICES.items() if "sms" in notice.channels]


@pytest.mark.parametrize("name", SMS)
def test_an_english_sms_is_plain_text_of_one_part(name: str):
    text = sms(name, "en")

    assert not is_unicode(text) and len(parts(text)) == 1


@pytest.mark.parametrize("name", SMS)
def test_a_hindi_sms_has_no_more_parts_than_it_is_meant_to_have(name: str):
    assert len(parts(sms(name, "hi"))) <= NOTICES[name].parts


@pytest.mark.parametrize(("name", "language", "part"), OF_REQUESTS)
def test_the_sms_about_a_request_costs_what_that_about_a_complaint_costs(name: str, language: str, part: str):
    [text] = [text for *key, text in own_texts() if key == [name, language, part]]
    template = SmsTemplate(name, language, text, part=part)

    assert len(parts(template.longest)) <= (NOTICES[name].parts if language == "hi" else 1)
    assert template.share <= MOST_VARIABLE


@pytest.mark.parametrize(("name", "language", "part"), [each for each in EVERY if "_req" in each[2]])
def test_a_text_about_a_request_calls_nothing_a_complaint(name: str, language: str, part: str):
    [text] = [text for *key, text in own_texts() if key == [name, language, part]]
    words = re.sub(r"\{#\w+#\}", "", text).casefold()

    assert not re.search("complaint|शिकायत", words)


@pytest.mark.parametrize("name", SMS)
def test_a_hindi_sms_without_an_address_in_it_is_meant_for_one_part(name: str):
    has_address = "site" in variables(name, "hi", "sms")

    assert NOTICES[name].parts == 1 or has_address or name == "user_name"


@pytest.mark.parametrize("name", SMS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_no_more_of_an_sms_varies_than_may(name: str, language: str):
    _, text = own_text(name, language)

    assert SmsTemplate(name, language, text).share <= MOST_VARIABLE


@pytest.mark.parametrize("name", SMS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_what_counts_as_the_longest_text_is_the_longest(name: str, language: str):
    _, text = own_text(name, language)

    assert len(SmsTemplate(name, language, text).longest) == len(sms(name, language))


def own_text(name: str, language: str) -> tuple[str, str]:
    [text] = [text for *key, text in own_texts() if key == [name, language, "sms"]]
    return name, text


@pytest.mark.parametrize("role", ESCALATED_TO)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_no_post_is_longer_than_its_place_in_the_sms(role: Role, language: str):
    longest = SmsTemplate("escalated", language, "").longest_value("post")

    assert len(HANDLING_POSTS[role].sms_name_in(language)) <= longest


@pytest.mark.parametrize("name", sorted(_CODES))
def test_a_code_comes_first_in_the_preview_of_a_phone(name: str):
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
    text = message_of("registration_otp", "sms", "en", {"otp": value, "reference_no": "777"}).text

    assert text.startswith(f"{value} is your OTP") and "(reference 777)" in text


@given(st.text(max_size=30))
def test_whatever_the_value_an_sms_stays_one_line(value: str):
    text = message_of("registration_otp", "sms", "en", {"otp": value, "reference_no": "1"}).text

    assert len(text.splitlines()) == 1 and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text)


@given(st.text(max_size=80))
def test_whatever_the_value_a_subject_stays_one_line(value: str):
    subject = message_of("request_registered", "email", "en", {**LONGEST, "complaint_no": value}).subject

    assert len(subject.splitlines()) == 1


def test_a_missing_value_is_reported_and_not_left_empty():
    with pytest.raises(MessageTextError):
        message_of("registration_otp", "sms", "en", {"otp": "123456"})


@pytest.mark.parametrize(
    ("name", "language"), [("nosuch", "en"), ("registration_otp", "fr"), ("../../wss", "en")]
)
def test_a_notice_without_template_is_reported(name: str, language: str):
    with pytest.raises(MessageTextError):
        message_of(name, "sms", language, LONGEST)


def test_a_value_longer_than_operators_take_is_reported_and_not_sent():
    with pytest.raises(MessageTextError):
        message_of("user_name", "sms", "en", {"user_name": "x" * 31})


def test_a_letter_may_have_longer_values():
    assert "x" * 31 in message_of("closed", "email", "en", {**LONGEST, "complaint_no": "x" * 31}).text


@pytest.mark.parametrize(
    "address",
    ["https://evil.example", "http://wss.example.in/x", "www.evil.example", "wss.example.in.evil.example/x"],
)
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_no_message_leads_anywhere_but_to_the_site(address: str, channel: str):
    with pytest.raises(MessageTextError):
        message_of("closed", channel, "en", {**LONGEST, "complaint_no": address})


@pytest.mark.parametrize("after", ["@evil.example", ".evil.example", ":8443/x"])
def test_an_address_that_only_begins_like_the_sites_is_another(after: str):
    text = {("closed", "en", "sms"): "{#complaint_no#} https://wss.example.in" + after}

    with pytest.raises(MessageTextError):
        message_of("closed", "sms", "en", LONGEST, text)


def test_the_end_of_a_sentence_is_not_part_of_an_address():
    text = {("closed", "en", "sms"): "{#complaint_no#}: see https://wss.example.in."}

    assert message_of("closed", "sms", "en", LONGEST, text).text.endswith("https://wss.example.in.")


def test_a_text_of_ones_own_that_takes_other_values_gives_way():
    text = {("closed", "en", "sms"): "Closed: {#link#}"}

    assert (
        message_of("closed", "sms", "en", LONGEST, text).text
        == message_of("closed", "sms", "en", LONGEST).text
    )


def test_a_text_of_ones_own_of_which_too_much_varies_is_refused():
    assert text_fault("user_name", "en", "sms", "Your user name: {#user_name#}") == "too_much_varies"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("question", "Please answer about {#complaint_no#}: {#site#}/answer/{#token#} or call 1912 -UPPCL"),
        ("request_registered", "Complaint {#complaint_no#} is registered: {#site#}/t/{#token#} -UPPCL"),
        ("closed", "Complaint {#complaint_no#} is closed. Thank you for your patience. -UPPCL"),
    ],
)
def test_a_text_that_was_registered_before_an_optional_value_was_added_is_still_sent(name: str, text: str):
    sent = message_of(name, "sms", "en", LONGEST, {(name, "en", "sms"): text}).text

    assert text_fault(name, "en", "sms", text) is None
    assert sent.startswith(text.partition("{")[0])


def test_a_text_of_ones_own_keeps_every_other_value():
    text = "Please answer by {#answer_by#} about {#complaint_no#}, or call 1912. -UPPCL"

    assert text_fault("question", "en", "sms", text) == "other_values"


def test_a_line_of_a_letter_is_left_out_when_its_values_are_empty():
    nothing_back = {**LONGEST, "comes_back": "", "closes_on": ""}

    text = message_of("resolved_revised", "email", "en", nothing_back).text

    assert "To pay by 24-11-2026" in text
    assert "next bill" not in text and "close the complaint" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("name", sorted(NOTICES))
@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_company_is_named_once_and_a_letter_begins_with_a_capital(name: str, language: str):
    if "sms" in NOTICES[name].channels:
        assert sms(name, language).count("UPPCL") == 1
    if "email" in NOTICES[name].channels:
        first = message_of(name, "email", language, LONGEST).text.split("\n")[2]
        assert not first[0].islower()


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://evil.example",
            "evil.example/x",
            "{#site#}.evil.example",
            "https://x",
            "evil.com",
            "EVIL.COM:80",
        ),
        *(
            "evil.भारत",
            "evil.xn--h2brj9c/x",
            "evil。in",
            "evil．com",
            "evil\u200b.com",
            "1.2.3.4",
            "http:evil.example",
        ),
        *("tel:9811999999", "a@evil.example", "send it to 98119 99999", "९८११९९९९९९"),
    ],
)
def test_a_text_of_ones_own_that_leads_elsewhere_is_refused(address: str):
    assert (
        text_fault("closed", "en", "sms", f"{{#complaint_no#}} is closed: {address} -UPPCL")
        == "foreign_address"
    )


def test_a_text_of_ones_own_keeps_the_link_that_is_made_of_a_value():
    text = "WSS: रोकें {#site#}/help {#token#} -UPPCL"

    assert text_fault("mobile_coming", "hi", "sms", text) == "other_values"


@pytest.mark.parametrize("words", ["{#site#}/login", "Rs.500/- more", "{#site#}.", "1912/112", "WSS."])
def test_a_text_of_ones_own_may_lead_to_the_site_and_say_what_is_no_address(words: str):
    assert (
        text_fault("closed", "en", "sms", f"Complaint {{#complaint_no#}} is closed. {words} -UPPCL") is None
    )


@pytest.mark.parametrize(("name", "language", "part"), EVERY)
def test_the_projects_own_texts_have_no_fault(name: str, language: str, part: str):
    [text] = [text for *key, text in own_texts() if key == [name, language, part]]

    assert text_fault(name, language, part, text) is None
