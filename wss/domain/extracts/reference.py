"""The extracts that an administrator keeps: offices, staff, catalogue and the other reference tables."""

from __future__ import annotations

from typing import Any

from wss.domain.actor import STAFF_ROLES
from wss.domain.catalogue import Field
from wss.domain.extracts import addresses
from wss.domain.extracts.billing import NETWORKS, NO_EMAIL, NO_MOBILE, PERSONAL
from wss.domain.extracts.dates import day
from wss.domain.extracts.rows import Column, Extract, Refused
from wss.domain.extracts.values import (
    code,
    if_any,
    optional,
    prose,
    rupees,
    serial_no,
    text,
    whole,
    word,
    words,
    yes_or_no,
)
from wss.domain.proration import Proration
from wss.domain.routing import LEVELS, Level
from wss.domain.tariff import UNITS, Component

_LEVELS = tuple(map(str, LEVELS))
_ROLES = tuple(map(str, STAFF_ROLES))
_FIELDS = tuple(map(str, Field))
ALL_KINDS = "*"


def _office_agrees(values: list[Any]) -> None:
    """A discom stands alone, every other office has one above it."""
    if (values[1] is None) != (values[2] == Level.DISCOM):
        raise Refused("parent_code", "missing" if values[1] is None else "discom_has_no_parent")
    if values[0] == values[1]:
        raise Refused("parent_code", "its_own_parent")


OFFICES = Extract(
    "offices",
    (
        # A path has slashes between its codes, and the star is all offices.
        Column("code", code(40, without="/*")),
        Column("parent_code", optional(code(40))),
        Column("level", word(_LEVELS, "unknown_level")),
        Column("name", text(200)),
        Column("name_hi", text(200)),
        Column("phone", addresses.phone, own=True),
        Column("email", if_any(addresses.email, ""), spares=NO_EMAIL),
        Column("pooled", optional(yes_or_no, blank=False), extra=True),
        Column("close_on_silence", optional(yes_or_no), extra=True),
    ),
    key=("code",),
    agree=_office_agrees,
)

STAFF = Extract(
    "staff",
    (
        Column("employee_id", code(20)),
        Column("name", text(200)),
        Column("role", word(_ROLES, "unknown_role")),
        Column("office_code", code(40), vocabulary="office"),
        Column("mobile", if_any(addresses.mobile), spares=NO_MOBILE, **PERSONAL),
        Column("email", if_any(addresses.email), spares=NO_EMAIL, **PERSONAL),
        Column("left_on", optional(day), extra=True),
    ),
    key=("employee_id",),
)

CATALOGUE = Extract(
    "catalogue",
    (
        # "*" stands for all kinds, in the rows of escalation and in the figures.
        Column("code", code(40, without="*")),
        Column("type", text(40)),
        Column("type_hi", text(40)),
        Column("name", text(80)),
        Column("name_hi", text(80)),
        Column("networks", words(NETWORKS, "unknown_network", 20)),
        Column("fields", words(_FIELDS, "unknown_field", 300)),
        Column("reasons", words(None, "", 600)),
        Column("target_days", whole(1, 366)),
        Column("route_role", word(_ROLES, "unknown_role")),
        Column("route_level", word(_LEVELS, "unknown_level")),
    ),
    key=("code",),
)

REASONS = Extract(
    "reasons",
    (Column("code", code(40)), Column("name", text(100)), Column("name_hi", text(100))),
    key=("code",),
)

ESCALATION = Extract(
    "escalation",
    (
        Column("kind", code(40), vocabulary="kind"),
        Column("level", whole(1, 20)),
        Column("role", word(_ROLES, "unknown_role")),
        Column("office_level", word(_LEVELS, "unknown_level")),
        Column("working_hours", whole(1, 10_000)),
        Column("source_note", text(200)),
    ),
    key=("kind", "level"),
)

HOLIDAYS = Extract(
    "holidays",
    (Column("date", day, "day"), Column("name", text(100)), Column("name_hi", text(100))),
    key=("day",),
)

FORUMS = Extract(
    "forums",
    (
        Column("code", code(40)),
        Column("level", word((*_LEVELS, "company"), "unknown_level")),
        Column("office_code", code(40), vocabulary="office"),
        Column("name", text(200)),
        Column("address", text(400, optional=True)),
        Column("phone", addresses.phone, own=True),
        Column("max_amount", optional(rupees()), "max_amount_paise"),
        Column("constituted", yes_or_no),
    ),
    key=("code",),
)


LIMITS = Extract(
    "limits",
    (
        Column("role", word(_ROLES, "unknown_role")),
        Column("max_amount", optional(rupees()), "max_amount_paise"),
        Column("source_note", text(200)),
        Column("records_a_day", optional(whole(1, 10_000)), extra=True),
    ),
    key=("role",),
)


def _text_agrees(values: list[Any]) -> None:
    """Only an SMS is registered under an id."""
    if values[4] and values[2] != "sms":
        raise Refused("template_id", "only_for_sms")


TEXTS = Extract(
    "texts",
    (
        Column("notice", code(24), vocabulary="notice"),
        Column("language", word(("hi", "en"), "unknown_language")),
        Column("part", word(("sms", "subject", "body"), "unknown_part")),
        Column("text", prose(3000)),
        Column("template_id", serial_no(40), extra=True),
    ),
    key=("notice", "language", "part"),
    agree=_text_agrees,
)


def _rate_agrees(values: list[Any]) -> None:
    """A slab ends after it begins, and each component is reckoned in its own unit."""
    _, _, component, slab_from, slab_to, _, unit, *_ = values
    if slab_to is not None and slab_to <= slab_from:
        raise Refused("slab_to", "before_slab_from")
    if unit != UNITS[Component(component)]:
        raise Refused("unit", "unknown_unit")


TARIFF = Extract(
    "tariff",
    (
        Column("category", code(20)),
        Column("effective_from", day),
        Column("component", word(tuple(map(str, Component)), "unknown_component")),
        Column("slab_from", optional(whole(0, 10_000_000), 0)),
        Column("slab_to", optional(whole(1, 10_000_000))),
        Column("rate_paise", whole(0, 10_000_000)),
        Column("unit", word(tuple(UNITS.values()), "unknown_unit")),
        Column("source_note", text(200)),
        Column("proration", optional(word(tuple(map(str, Proration)), "unknown_proration")), extra=True),
    ),
    key=("category", "effective_from", "component", "slab_from"),
    agree=_rate_agrees,
)
