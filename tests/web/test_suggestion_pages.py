"""The suggestion above a revision: shown with its reasons, taken over by its button, counted with the proposal."""

from random import Random

import pytest
from flask import Flask

from bench.dispute_kinds import dispute_case
from tests.factories import Household
from tests.fixtures.complaint_handling import NUMBER, give_misread_bill, rows
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.domain.suggestion.evidence import ReasonCode
from wss.domain.suggestion.suggest import suggest
from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.models import Revision
from wss.web.labels.suggestions import REASONS, VERDICTS, consumer_notes, reason_sentences

PAGE = f"/todo/{NUMBER}/revision"
READING = "current_reading-0"


@pytest.fixture
def clerk(taken_up: Household, visitor: Visitor) -> Visitor:
    """Provide a clerk with a bill of 9018 for 1098, after 100 units a month, and 1177 on the consumer's meter."""
    give_misread_bill(taken_up)
    return signed_in(visitor, "C1")


def uses(clerk: Visitor) -> Page:
    return clerk.send(clerk.get(PAGE), at=PAGE, form=PAGE, use_suggestion="1")


def outcome() -> tuple[str, str]:
    [revision] = rows(Revision)
    return revision.suggestion, revision.suggestion_outcome


def test_the_page_says_what_the_bill_should_be_and_why(clerk: Visitor):
    page = clerk.get(PAGE)

    assert "The digits of the reading were swapped" in page.text
    assert "With two digits in another order it is 1098" in page.text


def test_the_button_fills_the_form_and_the_note(clerk: Visitor):
    page = uses(clerk)

    fields = page.form(having=READING).fields
    assert (page.status, fields[READING]) == (200, ["1098"])
    assert "9018 instead of 1098" in fields["note"][0]


def test_a_proposal_of_the_suggested_figures_is_counted_as_taken(clerk: Visitor):
    clerk.send(uses(clerk), at=PAGE, **{READING: "1098"}, propose="1")

    assert outcome() == ("digits_swapped", "taken")


def test_a_proposal_of_other_figures_is_counted_as_changed(clerk: Visitor):
    page = clerk.send(uses(clerk), at=PAGE, **{READING: "1099"}, preview="1")

    clerk.send(page, at=PAGE, **{READING: "1099"}, propose="1")

    assert outcome() == ("digits_swapped", "changed")


def test_nothing_is_suggested_without_a_reading(taken_up: Household, visitor: Visitor):
    page = signed_in(visitor, "C1").get(PAGE)

    assert "The consumer gave no reading. If the meter works, ask for it with a photo." in page.text
    assert "Use these figures" not in page.text


def test_every_reason_has_words_for_its_values(app: Flask):
    suggestions = [suggest(dispute_case(Random(seed)).evidence) for seed in range(300)]

    assert set(REASONS) == set(ReasonCode) and set(VERDICTS) == set(SuggestedVerdict)
    with app.test_request_context():
        for suggestion in suggestions:
            assert len(reason_sentences(suggestion)) == len(suggestion.reasons)
            assert [language for language, _words in consumer_notes(suggestion)] == (
                ["hi", "en"] if suggestion.is_sure else []
            )
