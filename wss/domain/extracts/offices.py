"""The extract of offices, with the rules that a discom sets for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wss.domain.extracts import addresses
from wss.domain.extracts.billing import NO_EMAIL
from wss.domain.extracts.rows import Extract, ExtractColumn, RowRefused
from wss.domain.extracts.values import code, if_any, optional, rupees, shown, text, whole, word, yes_or_no
from wss.domain.interim_sum import InterimRule
from wss.domain.routing import LEVELS, Level

_INTERIM_RULES = tuple(map(str, InterimRule))
_RULE = ("payment_rule", "payment_rule_hi", "payment_rule_source")
_INTERIM = ("interim_rule", "interim_months", "interim_source", "interim_source_hi")
_SUMS = {name: f"{name}_paise" for name in ("batch_each", "batch_day", "batch_maker")}
_BATCH = ("batch_each", "batch_day", "batch_maker", "batch_sample_percent", "batch_source")


def _check_office(values: list[Any]) -> None:
    """Check that only a discom has no parent office, and that its rules are a discom's, each with its source."""
    row = dict(zip(OFFICES.names, values, strict=True))
    is_discom = row["level"] == Level.DISCOM
    if (row["parent_code"] is None) != is_discom:
        raise RowRefused("parent_code", "discom_has_no_parent" if is_discom else "missing")
    if row["code"] == row["parent_code"]:
        raise RowRefused("parent_code", "its_own_parent")
    _check_rule(row, any(row[name] for name in _RULE), _RULE)
    _check_rule(row, row["interim_on"] or any(row[name] for name in _INTERIM), _INTERIM)
    _check_rule(row, row["batch_approval"], ("batch_approval", *_BATCH))
    if row["batch_approval"] and not row["batch_each"] <= row["batch_maker"] <= row["batch_day"]:
        raise RowRefused("batch_day", "sums_out_of_order")


def _check_rule(row: dict[str, Any], is_set: bool, names: Sequence[str]) -> None:
    """Check that a rule of a discom is whole."""
    lacking = next((name for name in names if not row[name]), None)
    if is_set and lacking:
        raise RowRefused(lacking, "missing")
    if is_set and row["level"] != Level.DISCOM:
        raise RowRefused(names[0], "only_for_discoms")


OFFICES = Extract(
    "offices",
    (
        # A path has slashes between its codes, and "*" means all offices.
        ExtractColumn("code", code(40, without="/*")),
        ExtractColumn("parent_code", optional(code(40))),
        ExtractColumn("level", word(tuple(map(str, LEVELS)), "unknown_level")),
        ExtractColumn("name", shown(200)),
        ExtractColumn("name_hi", shown(200)),
        ExtractColumn("phone", addresses.phone, own=True),
        ExtractColumn("email", if_any(addresses.email, ""), spares=NO_EMAIL),
        ExtractColumn("pooled", optional(yes_or_no, blank=False), extra=True),
        ExtractColumn("close_on_silence", optional(yes_or_no), extra=True),
        ExtractColumn("payment_rule", shown(500, optional=True), extra=True),
        ExtractColumn("payment_rule_hi", shown(500, optional=True), extra=True),
        ExtractColumn("payment_rule_source", text(200, optional=True), extra=True),
        ExtractColumn("interim_rule", word(_INTERIM_RULES, "unknown_rule", blank=""), extra=True),
        ExtractColumn("interim_months", optional(whole(1, 12)), extra=True),
        ExtractColumn("interim_source", shown(200, optional=True), extra=True),
        ExtractColumn("interim_source_hi", shown(200, optional=True), extra=True),
        ExtractColumn("interim_on", optional(yes_or_no, blank=False), extra=True),
        ExtractColumn("batch_approval", optional(yes_or_no, blank=False), extra=True),
        *(ExtractColumn(name, optional(rupees()), field, extra=True) for name, field in _SUMS.items()),
        ExtractColumn("batch_sample_percent", optional(whole(1, 100)), extra=True),
        ExtractColumn("batch_source", text(200, optional=True), extra=True),
    ),
    key=("code",),
    agree=_check_office,
)
