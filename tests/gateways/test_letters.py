"""An e-mail: the same text in both its parts, links only to the site, and an unsubscribe link in alerts."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from tests.gateways.test_wording import LONGEST
from wss.domain.notices import NOTICES
from wss.gateways.email_messages import email_message
from wss.gateways.message_texts import message_of
from wss.gateways.senders import Parcel

SITE = "https://wss.example.in"
WAY_OUT = f"{SITE}/unsubscribe/1234567-0123456789abcdef0123456789abcdef?lang=hi"
LETTERS = sorted(name for name, notice in NOTICES.items() if "email" in notice.channels)


def a_letter(
    notice: str = "resolved", language: str = "hi", text: str | None = None, unsubscribe: str = ""
) -> EmailMessage:
    worded = message_of(notice, "email", language, {**LONGEST, "site": SITE})
    parcel = Parcel(
        "6f1d1c52-0000-4000-8000-000000000001",
        "email",
        "pooja@example.in",
        notice,
        language,
        worded.subject,
        worded.text if text is None else text,
        unsubscribe=unsubscribe,
    )
    return email_message(parcel, "WSS <wss@example.in>", SITE)


def form(made: EmailMessage, kind: str) -> str:
    part = made.get_body((kind,))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


class Read(HTMLParser):
    """A parser for the visible text of the HTML, and for the targets of its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.tags: list[str] = []
        self.feed(text.partition("<body")[2].partition(">")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_both_forms_say_the_same(name: str, language: str):
    made = a_letter(name, language, unsubscribe=WAY_OUT)

    assert Read(form(made, "html")).text == " ".join(form(made, "plain").replace("-- \n", "").split())


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_address_is_a_link_to_the_site(name: str, language: str):
    made = a_letter(name, language, unsubscribe=WAY_OUT)

    assert Read(form(made, "html")).links == re.findall(r"https://\S+", form(made, "plain"))


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_html_is_small_and_says_its_language(name: str, language: str):
    html = form(a_letter(name, language, unsubscribe=WAY_OUT), "html")

    assert len(html.encode()) <= 4000
    assert f'<html lang="{language}">' in html


def test_a_value_in_the_html_is_text():
    html = form(a_letter(text='<img src="x"> & "y" </p>'), "html")

    assert Read(html).tags == ["p"]
    assert Read(html).text == '<img src="x"> & "y" </p>'


def test_an_address_that_is_not_the_sites_is_no_link():
    assert Read(form(a_letter(text="see https://wss.example.in.evil.example/x"), "html")).links == []


def test_the_end_of_a_sentence_is_not_part_of_a_link():
    read = Read(form(a_letter(text=f"See {SITE}/account. Help: 1912"), "html"))

    assert (read.links, read.text) == ([f"{SITE}/account"], f"See {SITE}/account. Help: 1912")


def test_an_alert_can_be_ended_by_the_readers_mail_program():
    made = a_letter(unsubscribe=WAY_OUT)

    sent = made.as_bytes().split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{WAY_OUT}>" in sent
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in sent


def test_another_letter_has_no_way_out():
    made = a_letter("activation")

    assert made["List-Unsubscribe"] is None and "unsubscribe" not in made.as_string()


def test_the_subject_is_hindi_and_travels_as_plain_signs():
    made = a_letter()

    assert made["Subject"].startswith("WSS: शिकायत")
    assert all(
        len(line) <= 78 for line in made.as_bytes().split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    )


def test_the_name_of_a_letter_has_the_senders_domain():
    assert a_letter()["Message-ID"] == "<6f1d1c52-0000-4000-8000-000000000001@example.in>"
