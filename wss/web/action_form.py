"""The form of one action on a page that has several such forms: values, errors and result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, TypeAlias

from flask import request
from flask_babel import LazyString
from wtforms.fields.core import Flags, Label

from wss.queries.timelines import EventLine

Words: TypeAlias = "LazyString | str"


@dataclass(frozen=True)
class ActionField:
    """A field with the attributes of a WTForms field that the macros of components/fields.html use."""

    id: str
    name: str
    label: Label
    data: str = ""
    errors: Sequence[Words] = ()
    choices: Sequence[tuple[str, Any]] = ()
    flags: ClassVar[Flags] = Flags()

    def _value(self) -> str:
        return self.data

    def iter_choices(self) -> Iterator[tuple[str, Any, bool]]:
        """Yield each choice as value, words and whether it is chosen."""
        return ((value, words, value == self.data) for value, words in self.choices)


@dataclass(frozen=True)
class ActionForm:
    """The action that was sent from a page, and what the page says about it.

    A subclass next to the view names the fields. `subject` is the complaint number where a page has the same form
    for several requests. `errors` are by field; those under "" concern the action as a whole. `done` says what was
    done, `barred` why the action is not possible. If the page that the action was sent from was out of date,
    `later_events` holds what has happened since; otherwise it is None.
    """

    action: str = ""
    subject: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[Words]] = field(default_factory=dict)
    done: Words = ""
    barred: Words = ""
    later_events: Sequence[EventLine] | None = None

    # The fields that are read, each with the number of characters that are kept; None keeps all.
    field_lengths: ClassVar[Mapping[str, int | None]] = {}
    # Whether no other form of the page has fields of these names; then the id of a field is its name.
    has_own_names: ClassVar[bool] = False
    # Fields whose value is not shown again.
    secrets: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def sent(cls, subject: str = "") -> Self:
        """Return the form of the current request."""
        sent = request.form
        typed = {
            name: sent.get(name, "").replace("\r\n", "\n")[:most] for name, most in cls.field_lengths.items()
        }
        return cls(sent.get("action", ""), subject, typed)

    def id_of(self, name: str) -> str:
        """Return the id of a field: several forms of a page have fields of the same name."""
        if self.subject:
            return f"{name}-{self.subject}"
        return name if self.has_own_names else f"{self.action}-{name}"

    def of(self, *actions: str, subject: str = "") -> Self:
        """Return this form if it is for one of these actions, or none is named; else an empty form of the first."""
        if self.subject == subject and (not actions or self.action in actions):
            return self
        return type(self)(actions[0] if actions else "", subject)

    def field(
        self, name: str, label: Words, choices: Sequence[tuple[str, Any]] = (), default: str = ""
    ) -> ActionField:
        """Return a field with the submitted value, else the default, and its errors."""
        value = "" if name in self.secrets else self.typed.get(name) or default
        at = self.id_of(name)
        return ActionField(at, name, Label(at, label), value, self.errors.get(name, ()), choices)

    def with_error(self, name: str, *words: Words) -> Self:
        """Return the form with errors added to a field."""
        return replace(self, errors={**self.errors, name: words})

    @property
    def summary(self) -> list[tuple[str, Words]]:
        """Return every error with the id of its field; without an id those of the action as a whole."""
        return [
            (self.id_of(name) if name else "", words) for name in self.errors for words in self.errors[name]
        ]
