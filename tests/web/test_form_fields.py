"""Every field of the request form has a row with its rule and a row with its texts."""

from datetime import date

import pytest

from wss.domain.catalogue import FIELDS, ParseContext, RequestField, Widget
from wss.domain.errors import Malformed
from wss.web.labels.form_fields import FIELD_TEXTS, WRONG

CONTEXT = ParseContext(date(2026, 11, 24))
# Their choices come from reference tables; every other list has its options in its row.
FROM_TABLES = {RequestField.REASON, RequestField.NEW_CATEGORY}
ODD_TEXTS = (
    *("x", "...", "-1", "1.2.3", "9" * 30, "१२", "\u202e", "a" * 2000),
    *("31-02-2026", "25-11-2026", "1-1-1999"),
)


def test_every_field_has_a_rule_and_words():
    assert set(FIELDS) == set(FIELD_TEXTS) == set(RequestField)


@pytest.mark.parametrize("field", RequestField)
def test_a_field_has_the_words_that_its_rule_calls_for(field: RequestField):
    spec, text = FIELDS[field], FIELD_TEXTS[field]

    assert bool(text.missing) == spec.is_required
    assert field is RequestField.DOCUMENTS or "%(words)s" in str(text.spoken)
    assert bool(text.options) == (spec.widget is Widget.SELECT and field not in FROM_TABLES)


@pytest.mark.parametrize("field", RequestField)
@pytest.mark.parametrize("typed", ODD_TEXTS)
def test_a_refused_answer_has_words_for_why(field: RequestField, typed: str):
    try:
        FIELDS[field].parse(typed, CONTEXT)
    except Malformed as refused:
        assert WRONG[refused.code]


def test_no_two_answers_are_stored_under_one_name():
    names = [spec.stored_as or field.value for field, spec in FIELDS.items()]

    assert len(set(names)) == len(names)
