"""The extracts that an administrator maintains, apart from offices: staff, catalogue and the other reference tables."""

from __future__ import annotations

from typing import Any

from wss.domain.actor import STAFF_ROLES
from wss.domain.canned_texts import CannedPurpose, placeholder_fault, placeholders_of
from wss.domain.catalogue import RequestField
from wss.domain.compensation import CountedDays
from wss.domain.extracts import addresses
from wss.domain.extracts.billing import BILLING_UNITS, NETWORKS, NO_EMAIL, NO_MOBILE, PERSONAL, BillBasis
from wss.domain.extracts.dates import day
from wss.domain.extracts.rows import Extract, ExtractColumn, RowRefused
from wss.domain.extracts.values import (
    code,
    if_any,
    optional,
    prose,
    rupees,
    serial_no,
    shown,
    text,
    thousandths,
    whole,
    word,
    words,
    yes_or_no,
)
from wss.domain.notices import REQUEST_PARTS
from wss.domain.proration import Proration
from wss.domain.routing import LEVELS
from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.domain.tariff import UNITS, Component

_LEVELS = tuple(map(str, LEVELS))
_ROLES = tuple(map(str, STAFF_ROLES))
_FIELDS = tuple(map(str, RequestField))

STAFF = Extract(
    "staff",
    (
        ExtractColumn("employee_id", code(20)),
        ExtractColumn("name", text(200)),
        ExtractColumn("role", word(_ROLES, "unknown_role")),
        ExtractColumn("office_code", code(40), vocabulary="office"),
        ExtractColumn("mobile", if_any(addresses.mobile), spares=NO_MOBILE, **PERSONAL),
        ExtractColumn("email", if_any(addresses.email), spares=NO_EMAIL, **PERSONAL),
        ExtractColumn("left_on", optional(day), extra=True),
    ),
    key=("employee_id",),
)


def _check_kind(values: list[Any]) -> None:
    """Check that the documents that help are named in both languages."""
    english, hindi = values[-3:-1]
    if bool(english) != bool(hindi):
        raise RowRefused("documents_help" if hindi else "documents_help_hi", "missing")


CATALOGUE = Extract(
    "catalogue",
    (
        # "*" means all kinds, in the rows of escalation and in the figures.
        ExtractColumn("code", code(40, without="*")),
        ExtractColumn("type", shown(40)),
        ExtractColumn("type_hi", shown(40)),
        ExtractColumn("name", shown(80)),
        ExtractColumn("name_hi", shown(80)),
        ExtractColumn("networks", words(NETWORKS, "unknown_network", 20)),
        ExtractColumn("fields", words(_FIELDS, "unknown_field", 300)),
        ExtractColumn("reasons", words(None, "", 600)),
        ExtractColumn("target_days", whole(1, 366)),
        ExtractColumn("route_role", word(_ROLES, "unknown_role")),
        ExtractColumn("route_level", word(_LEVELS, "unknown_level")),
        ExtractColumn("documents_help", shown(200, optional=True), extra=True),
        ExtractColumn("documents_help_hi", shown(200, optional=True), extra=True),
        ExtractColumn("is_request", optional(yes_or_no), extra=True),
    ),
    key=("code",),
    agree=_check_kind,
)

REASONS = Extract(
    "reasons",
    (
        ExtractColumn("code", code(40)),
        ExtractColumn("name", shown(100)),
        ExtractColumn("name_hi", shown(100)),
    ),
    key=("code",),
)

ESCALATION = Extract(
    "escalation",
    (
        ExtractColumn("kind", code(40), vocabulary="kind"),
        ExtractColumn("level", whole(1, 20)),
        ExtractColumn("role", word(_ROLES, "unknown_role")),
        ExtractColumn("office_level", word(_LEVELS, "unknown_level")),
        ExtractColumn("working_hours", whole(1, 10_000)),
        ExtractColumn("source_note", text(200)),
    ),
    key=("kind", "level"),
)

HOLIDAYS = Extract(
    "holidays",
    (
        ExtractColumn("date", day, "day"),
        ExtractColumn("name", shown(100)),
        ExtractColumn("name_hi", shown(100)),
    ),
    key=("day",),
)

FORUMS = Extract(
    "forums",
    (
        ExtractColumn("code", code(40)),
        ExtractColumn("level", word((*_LEVELS, "company"), "unknown_level")),
        ExtractColumn("office_code", code(40), vocabulary="office"),
        ExtractColumn("name", shown(200)),
        ExtractColumn("address", shown(400, optional=True)),
        ExtractColumn("phone", addresses.phone, own=True),
        ExtractColumn("max_amount", optional(rupees()), "max_amount_paise"),
        ExtractColumn("constituted", yes_or_no),
        ExtractColumn("name_hi", shown(200, optional=True), extra=True),
        ExtractColumn("address_hi", shown(400, optional=True), extra=True),
    ),
    key=("code",),
)


LIMITS = Extract(
    "limits",
    (
        ExtractColumn("role", word(_ROLES, "unknown_role")),
        ExtractColumn("max_amount", optional(rupees()), "max_amount_paise"),
        ExtractColumn("source_note", text(200)),
        ExtractColumn("records_a_day", optional(whole(1, 10_000)), extra=True),
    ),
    key=("role",),
)


def _check_text(values: list[Any]) -> None:
    """Check that only an SMS has a registered id."""
    if values[4] and values[2] not in ("sms", REQUEST_PARTS["sms"]):
        raise RowRefused("template_id", "only_for_sms")


TEXTS = Extract(
    "texts",
    (
        ExtractColumn("notice", code(24), vocabulary="notice"),
        ExtractColumn("language", word(("hi", "en"), "unknown_language")),
        ExtractColumn("part", word((*REQUEST_PARTS, *REQUEST_PARTS.values()), "unknown_part")),
        ExtractColumn("text", prose(3000)),
        ExtractColumn("template_id", serial_no(40), extra=True),
    ),
    key=("notice", "language", "part"),
    agree=_check_text,
)


def _check_canned(values: list[Any]) -> None:
    """Check that both texts have the same placeholders, and that all of them are known."""
    texts = dict(zip(("text", "text_hi"), values[-3:-1], strict=True))
    for column, canned in texts.items():
        fault = placeholder_fault(canned)
        if fault:
            raise RowRefused(column, fault)
    if placeholders_of(texts["text"]) != placeholders_of(texts["text_hi"]):
        raise RowRefused("text_hi", "other_placeholders")


CANNED = Extract(
    "canned",
    (
        ExtractColumn("code", code(40)),
        ExtractColumn("purpose", word(tuple(map(str, CannedPurpose)), "unknown_purpose")),
        ExtractColumn("verdict", word(tuple(map(str, SuggestedVerdict)), "unknown_verdict", blank="")),
        ExtractColumn("name", shown(60)),
        ExtractColumn("name_hi", shown(60)),
        ExtractColumn("text", shown(500)),
        ExtractColumn("text_hi", shown(500)),
        ExtractColumn("kinds", words(None, "", 300), extra=True),
    ),
    key=("code",),
    agree=_check_canned,
)


def _check_self_bills(values: list[Any]) -> None:
    """Check that a rule names units, categories and bases: an empty cell would offer it to none."""
    for column, place in (("billing_units", 3), ("categories", 4), ("bill_bases", 5)):
        if not values[place]:
            raise RowRefused(column, "missing")


SELF_BILLS = Extract(
    "self_bills",
    (
        ExtractColumn("office_code", code(40), vocabulary="office"),
        ExtractColumn("switched_on", yes_or_no),
        ExtractColumn("max_load_kw", thousandths(least=1), "max_load_w"),
        ExtractColumn("billing_units", words(BILLING_UNITS, "unknown_unit", 20)),
        ExtractColumn("categories", words(None, "", 300)),
        ExtractColumn("bill_bases", words(tuple(map(str, BillBasis)), "unknown_basis", 60)),
        ExtractColumn("least_days", whole(1, 366)),
        ExtractColumn("unusual_times", whole(2, 100)),
        ExtractColumn("source_note", text(200)),
    ),
    key=("office_code",),
    agree=_check_self_bills,
)


COMPENSATION = Extract(
    "compensation",
    (
        ExtractColumn("office_code", code(40), vocabulary="office"),
        ExtractColumn("kind", code(40), vocabulary="kind"),
        ExtractColumn("rate", rupees(), "rate_paise"),
        ExtractColumn("max_amount", optional(rupees()), "max_amount_paise"),
        ExtractColumn("grace_days", whole(0, 366)),
        ExtractColumn("counted", word(tuple(map(str, CountedDays)), "unknown_days")),
        ExtractColumn("source", shown(200)),
        ExtractColumn("source_hi", shown(200)),
        ExtractColumn("confirmed", yes_or_no, "is_confirmed"),
        ExtractColumn("switched_on", yes_or_no, "is_on"),
    ),
    key=("office_code", "kind"),
)


CLUSTERS = Extract(
    "clusters",
    (
        ExtractColumn("office_code", code(40), vocabulary="office"),
        ExtractColumn("least", whole(2, 10_000)),
        ExtractColumn("times_usual", whole(1, 100)),
        ExtractColumn("source_note", text(200)),
    ),
    key=("office_code",),
)


def _check_rate(values: list[Any]) -> None:
    """Check that a slab ends after it begins, and that each component has its own unit."""
    _, _, component, slab_from, slab_to, _, unit, *_ = values
    if slab_to is not None and slab_to <= slab_from:
        raise RowRefused("slab_to", "before_slab_from")
    if unit != UNITS[Component(component)]:
        raise RowRefused("unit", "unknown_unit")


TARIFF = Extract(
    "tariff",
    (
        ExtractColumn("category", code(20)),
        ExtractColumn("effective_from", day),
        ExtractColumn("component", word(tuple(map(str, Component)), "unknown_component")),
        ExtractColumn("slab_from", optional(whole(0, 10_000_000), 0)),
        ExtractColumn("slab_to", optional(whole(1, 10_000_000))),
        ExtractColumn("rate_paise", whole(0, 10_000_000)),
        ExtractColumn("unit", word(tuple(UNITS.values()), "unknown_unit")),
        ExtractColumn("source_note", text(200)),
        ExtractColumn(
            "proration", optional(word(tuple(map(str, Proration)), "unknown_proration")), extra=True
        ),
    ),
    key=("category", "effective_from", "component", "slab_from"),
    agree=_check_rate,
)
