"""Rows of the reference tables as values of the domain."""

from dataclasses import replace

from sqlalchemy import select

from wss.db import session
from wss.domain.actor import HANDLING_ROLES, Role
from wss.domain.canned_texts import CannedText
from wss.domain.catalogue import RequestKind, asks_for_change, fields_from
from wss.domain.clusters import ClusterRule
from wss.domain.compensation import CompensationRate
from wss.domain.escalation import EscalationRule
from wss.domain.proration import Proration
from wss.domain.routing import Level
from wss.domain.tariff import Component, Rate
from wss.models import (
    ApprovalLimit,
    CannedTextRow,
    ClusterRuleRow,
    CompensationRow,
    EscalationStep,
    KindRow,
    Staff,
    TariffRow,
)


def kind_of(row: KindRow) -> RequestKind:
    """Return a row of the catalogue as a kind of request."""
    return RequestKind(
        row.code,
        row.type,
        row.type_hi,
        row.name,
        row.name_hi,
        frozenset(row.networks.split()),
        fields_from(row.fields),
        tuple(row.reasons.split()),
        row.target_days,
        row.route_role,
        row.route_level,
        row.documents_help,
        row.documents_help_hi,
        asks_for_change(fields_from(row.fields)) if row.is_request is None else row.is_request,
    )


def escalation_rules() -> dict[str, tuple[EscalationRule, ...]]:
    """Return the escalation rules of each kind, lowest first. Only roles that handle requests can receive one."""
    found: dict[str, list[EscalationRule]] = {}
    statement = (
        select(EscalationStep)
        .where(EscalationStep.role.in_(HANDLING_ROLES))
        .order_by(EscalationStep.kind, EscalationStep.level)
    )
    for row in session().execute(statement).scalars():
        rule = EscalationRule(row.level, Role(row.role), Level(row.office_level), row.working_hours)
        found.setdefault(row.kind, []).append(rule)
    return {kind: tuple(rows) for kind, rows in found.items()}


def filled_posts() -> dict[str, frozenset[Role]]:
    """Return the filled posts that handle requests, by office. Staff with a known leaving date get nothing new."""
    filled: dict[str, set[Role]] = {}
    statement = (
        select(Staff.office_code, Staff.role)
        .distinct()
        .where(Staff.role.in_(HANDLING_ROLES), Staff.left_on.is_(None))
    )
    for row in session().execute(statement):
        filled.setdefault(row.office_code, set()).add(Role(row.role))
    return {code: frozenset(roles) for code, roles in filled.items()}


def tariff_rates() -> tuple[Rate, ...]:
    """Return the rates of the tariff, in the order of their rows."""
    return tuple(
        Rate(
            row.category,
            row.effective_from,
            Component(row.component),
            row.rate_paise,
            row.slab_from or 0,
            row.slab_to,
            Proration(row.proration or Proration.WHOLE_MONTH),
        )
        for row in session().execute(select(TariffRow).order_by(TariffRow.id)).scalars()
    )


def approval_limits() -> dict[Role, int | None]:
    """Return the largest change that each role may approve in a revision."""
    rows = session().execute(select(ApprovalLimit)).scalars()
    return {Role(row.role): row.max_amount_paise for row in rows}


def records_a_day() -> dict[Role, int]:
    """Return how many records a role may open in a day before a supervisor is notified; only roles with a value."""
    statement = select(ApprovalLimit).where(ApprovalLimit.records_a_day.is_not(None))
    return {Role(row.role): row.records_a_day or 0 for row in session().execute(statement).scalars()}


def canned_texts() -> tuple[CannedText, ...]:
    """Return the canned texts of officers, by code."""
    columns = [getattr(CannedTextRow, name) for name in CannedText.__slots__]
    statement = select(*columns).order_by(CannedTextRow.code)
    found = (CannedText(*row) for row in session().execute(statement))
    # The column has the codes in one text.
    return tuple(replace(one, kinds=tuple(str(one.kinds).split())) for one in found)


def compensation_rates() -> tuple[CompensationRate, ...]:
    """Return the rates of compensation that are switched on."""
    columns = [getattr(CompensationRow, name) for name in CompensationRate.__slots__]
    statement = select(*columns).where(CompensationRow.is_on)
    return tuple(CompensationRate(*row) for row in session().execute(statement))


def cluster_rules() -> dict[str, ClusterRule]:
    """Return the rules of clusters by the code of the office that they apply to."""
    columns = [getattr(ClusterRuleRow, name) for name in ClusterRule.__slots__]
    return {row[0]: ClusterRule(*row) for row in session().execute(select(*columns))}
