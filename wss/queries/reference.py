"""Reference tables, cached in the process and read again when their version changes."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select, update

from wss.db import database, insert, session
from wss.domain.actor import Role
from wss.domain.approval import Limits
from wss.domain.batch_approval import BatchRules
from wss.domain.calendar import Calendar
from wss.domain.canned_texts import CannedText
from wss.domain.catalogue import RequestKind
from wss.domain.clusters import ClusterRule
from wss.domain.compensation import CompensationRate, rate_for
from wss.domain.escalation import EscalationLadder, EscalationRule, rows_for
from wss.domain.routing import Desk, Level
from wss.domain.tariff import Rate
from wss.models import Holiday, KindRow, MessageText, Office, Reason, ReferenceVersion
from wss.queries._reference_rows import (
    approval_limits,
    canned_texts,
    cluster_rules,
    compensation_rates,
    escalation_rules,
    filled_posts,
    kind_of,
    records_a_day,
    tariff_rates,
)

_ROW = 1
# The place of the rules of approving together among the columns of an office.
_BATCH_AT = 16


@dataclass(frozen=True, slots=True)
class BilingualName:
    """A code with its two names."""

    code: str
    name: str
    name_hi: str


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """An office as the pages name it."""

    code: str
    parent_code: str | None
    level: Level
    name: str
    name_hi: str
    phone: str
    path: str
    payment_rule: str = ""
    payment_rule_hi: str = ""
    interim_rule: str = ""
    interim_months: int | None = None
    interim_source: str = ""
    interim_source_hi: str = ""
    interim_on: bool = False
    # Whether silence closes the requests of a discom; None where the site's setting decides.
    close_on_silence: bool | None = None
    # How proposals can be approved together; a discom's, None where it is switched off.
    batch: BatchRules | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One version of every reference table that pages and services read.

    `texts`: texts of messages that replace the built-in ones, by notice, language and part; `template_ids`: the
    registered template of an SMS text, by the same.
    """

    version: int
    kinds: dict[str, RequestKind]
    reasons: dict[str, BilingualName]
    calendar: Calendar
    offices: dict[str, OfficeEntry]
    posts: dict[str, frozenset[Role]]
    escalation: dict[str, tuple[EscalationRule, ...]]
    texts: dict[tuple[str, str, str], str] = field(default_factory=dict)
    template_ids: dict[tuple[str, str, str], str] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    limits: Limits = field(default_factory=dict)
    records_a_day: dict[Role, int] = field(default_factory=dict)
    canned_texts: tuple[CannedText, ...] = ()
    compensation_rates: tuple[CompensationRate, ...] = ()
    cluster_rules: dict[str, ClusterRule] = field(default_factory=dict)

    def chain(self, office_code: str) -> list[Desk]:
        """Return the office and those above it, lowest first, each with the posts that are filled."""
        desks = []
        at: str | None = office_code
        while at is not None:
            office = self.offices[at]
            desks.append(Desk(office.code, office.level, self.posts.get(at, frozenset())))
            at = office.parent_code
        return desks

    def discom(self, office_code: str) -> OfficeEntry | None:
        """Return the discom of an office; None for an unknown office."""
        office = self.offices.get(office_code)
        return self.offices.get(office.path.split("/")[0]) if office else None

    def silence_of_discom(self, office_code: str) -> bool | None:
        """Return whether the discom of an office closes requests whose consumer does not answer; None where the
        site's setting decides."""
        discom = self.discom(office_code)
        return discom.close_on_silence if discom else None

    def silence_closes(self, office_code: str, *, by_default: bool) -> bool:
        """Return whether requests of an office are closed when their consumer does not answer."""
        closes = self.silence_of_discom(office_code)
        return by_default if closes is None else closes

    def compensation_rate(self, kind: str, office_code: str) -> CompensationRate | None:
        """Return what is owed for a late request of this kind in this office; None while nothing is switched on."""
        office = self.offices.get(office_code)
        if office is None or not self.compensation_rates:
            return None
        return rate_for(self.compensation_rates, kind, office.path.split("/"))

    def cluster_rule(self, office_code: str) -> ClusterRule | None:
        """Return the rule on clusters of the office or of the nearest above; None where there is none."""
        office = self.offices.get(office_code)
        above = office.path.split("/")[::-1] if office else []
        return next((self.cluster_rules[code] for code in above if code in self.cluster_rules), None)

    def ladder(self, kind: str, office_code: str) -> EscalationLadder:
        """Return the rules and offices by which a request of this kind is escalated from this office."""
        return EscalationLadder(rows_for(kind, self.escalation), self.chain(office_code), self.calendar)

    def kinds_of(self, network: str) -> list[RequestKind]:
        """Return the kinds that a network's consumers can register, in the catalogue's order."""
        return [kind for kind in self.kinds.values() if network in kind.networks and not kind.is_claim]

    def claim_kind(self, office_code: str) -> RequestKind | None:
        """Return the kind of request that claims what an office owes; None while it has no rate."""
        office = self.offices.get(office_code)
        path = office.path.split("/") if office else []
        if not any(rate.office_code in path for rate in self.compensation_rates):
            return None
        return next((kind for kind in self.kinds.values() if kind.is_claim), None)


_present_version = select(ReferenceVersion.__table__.c.version)
_copies: dict[str, Reference] = {}


def reference(version: int | None = None) -> Reference:
    """Return the current reference tables: this process's copy while its version is that of the table.

    A caller who has already read the version with another statement passes it and saves one.
    """
    address = str(database().url)
    if version is None:
        version = session().execute(_present_version).scalar() or 0
    copy = _copies.get(address)
    if copy is None or copy.version != version:
        copy = _copies[address] = _read(version)
    return copy


def bump_reference_version() -> None:
    """Invalidate the copies of all processes; part of the transaction that changes a reference table."""
    row = ReferenceVersion.__table__.c
    session().execute(
        insert(ReferenceVersion)
        .values(id=_ROW, version=1)
        .on_conflict_do_update(index_elements=["id"], set_={"version": row.version + 1})
    )


def lock_reference() -> None:
    """Serialize changes of reference tables until the transaction ends."""
    same = update(ReferenceVersion).values(version=ReferenceVersion.version)
    session().execute(same.execution_options(synchronize_session=False))


def add_built_in_kind(kind: RequestKind) -> None:
    """Add a built-in kind to the catalogue; one that exists stays as it is."""
    if kind.code in reference().kinds:
        return
    columns = {
        "code": kind.code,
        "type": kind.type,
        "type_hi": kind.type_hi,
        "name": kind.name,
        "name_hi": kind.name_hi,
        "networks": " ".join(sorted(kind.networks)),
        "fields": " ".join(kind.fields),
        "reasons": " ".join(kind.reasons),
        "target_days": kind.target_days,
        "route_role": kind.route_role,
        "route_level": kind.route_level,
        "is_request": kind.is_request,
        "position": 0,
    }
    session().execute(insert(KindRow).values(**columns).on_conflict_do_nothing(index_elements=["code"]))
    bump_reference_version()


def office_count() -> int:
    """Return how many offices there are; none means an empty instance."""
    return session().execute(select(func.count()).select_from(Office)).scalar_one()


def _read(version: int) -> Reference:
    rows = session().execute(select(KindRow).order_by(KindRow.position, KindRow.code)).scalars()
    kinds = {row.code: kind_of(row) for row in rows}
    reasons = {
        row.code: BilingualName(row.code, row.name, row.name_hi)
        for row in session().execute(select(Reason)).scalars()
    }
    days = frozenset(session().execute(select(Holiday.day)).scalars())
    texts = session().execute(select(MessageText)).scalars().all()
    return Reference(
        version=version,
        kinds=kinds,
        reasons=reasons,
        calendar=Calendar(days),
        offices=_offices(),
        posts=filled_posts(),
        escalation=escalation_rules(),
        texts={(row.notice, row.language, row.part): row.text for row in texts},
        template_ids={
            (row.notice, row.language, row.part): row.template_id for row in texts if row.template_id
        },
        rates=tariff_rates(),
        limits=approval_limits(),
        records_a_day=records_a_day(),
        canned_texts=canned_texts(),
        compensation_rates=compensation_rates(),
        cluster_rules=cluster_rules(),
    )


def _offices() -> dict[str, OfficeEntry]:
    statement = select(
        Office.code,
        Office.parent_code,
        Office.level,
        Office.name,
        Office.name_hi,
        Office.phone,
        Office.path,
        Office.payment_rule,
        Office.payment_rule_hi,
        Office.interim_rule,
        Office.interim_months,
        Office.interim_source,
        Office.interim_source_hi,
        Office.interim_on,
        Office.close_on_silence,
        Office.batch_approval,
        Office.batch_each_paise,
        Office.batch_day_paise,
        Office.batch_maker_paise,
        Office.batch_sample_percent,
    )
    rows: Any = session().execute(statement)
    return {
        row.code: replace(
            OfficeEntry(row.code, row.parent_code, Level(row.level), *row[3 : _BATCH_AT - 1]),
            batch=BatchRules(*row[_BATCH_AT:]) if row.batch_approval else None,
        )
        for row in rows
    }
