"""The form of an action among several forms of a page: which values and errors it shows, and under which id."""

from typing import ClassVar

import pytest
from flask import Flask

from wss.web.action_form import ActionForm


class NoteForm(ActionForm):
    """A form with a note and a code."""

    field_lengths: ClassVar = {"note": 5, "otp": None}
    secrets: ClassVar = frozenset({"otp"})


@pytest.fixture
def sent(app: Flask) -> NoteForm:
    with app.test_request_context(
        method="POST", data={"action": "ask", "note": "a\r\nbcdef", "otp": "123456"}
    ):
        return NoteForm.sent()


def test_a_form_reads_the_fields_that_it_names_up_to_their_length(sent: NoteForm):
    assert (sent.action, sent.typed) == ("ask", {"note": "a\nbcd", "otp": "123456"})


def test_what_was_typed_is_shown_only_in_the_form_of_its_action(sent: NoteForm):
    fields = [sent.of(action).field("note", "Note") for action in ("ask", "forward")]

    assert [(field.id, field.data) for field in fields] == [("ask-note", "a\nbcd"), ("forward-note", "")]


def test_a_secret_is_not_shown_again(sent: NoteForm):
    assert sent.field("otp", "OTP").data == ""


def test_each_error_leads_to_its_field(sent: NoteForm):
    refused = sent.with_error("note", "Too long").with_error("", "Not now")

    assert refused.summary == [("ask-note", "Too long"), ("", "Not now")]
    assert refused.of("ask").field("note", "Note").errors == ("Too long",)


def test_a_form_for_one_of_several_requests_has_its_number_in_the_id():
    form = NoteForm("lift", "10000000016", {"note": "own"})

    assert form.of(subject="10000000016").field("note", "Note").id == "note-10000000016"
    assert form.of(subject="10000000024").field("note", "Note").data == ""
