"""Canned texts: which placeholders they may have, and which of them fit a request."""

from dataclasses import replace

import pytest

from wss.domain.canned_texts import CannedPurpose, CannedText, canned_for
from wss.domain.extracts import EXTRACTS, RowRefused, row_rule
from wss.domain.extracts.rows import KnownValues
from wss.domain.suggestion.verdicts import SuggestedVerdict


def canned(code: str, verdict: str = "", text: str = "Send {reading}.") -> CannedText:
    return CannedText(code, "question", verdict, code, code, text, text)


@pytest.mark.parametrize(
    ("text", "text_hi", "column", "code"),
    [
        ("Read {units}", "{unit} देखें", "text_hi", "unknown_placeholder"),
        ("Read {}", "{reading} देखें", "text", "unknown_placeholder"),
        ("Read {reading", "{reading} देखें", "text", "stray_brace"),
        ("Read {reading}", "रीडिंग देखें", "text_hi", "other_placeholders"),
        ("See evil.in", "देखें", "text", "address_in_text"),
    ],
)
def test_a_text_that_cannot_be_filled_is_refused_with_its_column(text, text_hi, column, code):
    rule = row_rule(EXTRACTS["canned"], KnownValues())

    with pytest.raises(RowRefused) as refused:
        rule(["c1", "question", "", "Name", "नाम", text, text_hi, ""])

    assert (refused.value.column, refused.value.code) == (column, code)


def test_a_text_is_filled_only_if_every_value_is_known():
    assert canned("c").filled("en", {"reading": "1234"}) == "Send 1234."
    assert canned("c").filled("hi", {"units": "10"}) is None


def test_the_texts_of_the_verdict_come_first_and_those_of_others_not_at_all():
    texts = [canned("any"), canned("own", "provisional"), canned("other", "payment_missing")]

    found = canned_for(texts, CannedPurpose.QUESTION, SuggestedVerdict.PROVISIONAL, "NAME")

    assert [one.code for one in found] == ["own", "any"]


def test_a_text_of_other_kinds_of_request_is_not_offered():
    texts = [replace(canned("meter"), kinds=("METER",)), replace(canned("name"), kinds=("METER", "NAME"))]

    found = canned_for(texts, CannedPurpose.QUESTION, SuggestedVerdict.NOT_SURE, "NAME")

    assert [one.code for one in found] == ["name"]
