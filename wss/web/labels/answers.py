"""The answers of a request in words, the same for every reader who may see the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from wss.domain.catalogue import RequestField, RequestKind, kept_as
from wss.models import Bill
from wss.queries.reference import Reference
from wss.web.labels.form_fields import FIELD_TEXTS, AnswerContext


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer in words: the field, its label, and one or more lines."""

    field: str
    label: LazyString | str
    lines: list[str]


def answer_lines(
    kind: RequestKind, answers: dict[str, Any], bills: list[Bill], tables: Reference
) -> list[AnswerText]:
    """Return the answers of a request in words, in the order of its form."""
    context = AnswerContext(bills, tables)
    return [
        AnswerText(
            field.value,
            FIELD_TEXTS[field].short or FIELD_TEXTS[field].label,
            FIELD_TEXTS[field].shown(answers[kept_as(field)], context),
        )
        for field in kind.fields
        if field is not RequestField.DOCUMENTS and kept_as(field) in answers
    ]
