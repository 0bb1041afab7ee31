"""The petition to the consumer forum, ready to sign: offered when a complaint is late, refused or disputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from flask import Response
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain import identifiers
from wss.domain.catalogue import RequestKind
from wss.domain.deadlines import is_petition_due
from wss.domain.lifecycle import CALLED, OPEN, Action, Closing
from wss.gateways.pdf import petition_sheet
from wss.gateways.pdf_text import Passage, SlipText, TableText
from wss.models import Bill, Connection, Forum
from wss.queries import timelines
from wss.queries.connections import visible_connection
from wss.queries.forums import forums_above
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import RequestRow, deadlines_of
from wss.services.requests.outcomes import outcome_of
from wss.services.requests.owed_sums import OwedStatement, owed_of
from wss.web import filters
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.blueprint import consumer
from wss.web.consumer.timeline import own_request
from wss.web.filters import month_of
from wss.web.labels.answers import answer_lines
from wss.web.labels.bill_estimates import petition_estimate
from wss.web.labels.kinds import by_kind
from wss.web.labels.owed_sums import basis_words, placeholder_words
from wss.web.labels.requests import event_label, localized_name, office_name
from wss.web.labels.staff import post_name
from wss.web.language import page_language
from wss.web.pages import redirect_to, render
from wss.web.pdf_downloads import pdf_response

# The consumer signs the petition, so it is written in the first person.
_OWN_ACTIONS: dict[str, LazyString] = {
    Action.ANSWER: _l("I answered"),
    Action.CONFIRM: _l("I answered “Yes”"),
    Action.REFUSE: _l("I answered “No”"),
    Action.REOPEN: _l("I reopened the complaint"),
    Action.RATE: _l("I rated the service"),
    Action.ADD_DOCUMENT: _l("I added a document"),
    Action.WITHDRAW: _l("I withdrew the complaint"),
    Action.REMIND: _l("I was reminded to confirm"),
    Action.REMIND_ANSWER: _l("I was reminded to answer"),
    Action.WITHDRAW_QUESTION: _l("My reply was no longer needed: the office continued"),
    Action.CONFIRM_LAPSED: _l("Closed without my confirmation"),
    CALLED: _l("I called 1912 and asked for progress"),
}
_OWN_REQUEST_ACTIONS: dict[str, LazyString] = {
    Action.REOPEN: _l("I reopened the request"),
    Action.WITHDRAW: _l("I withdrew the request"),
}


@dataclass(frozen=True)
class PetitionFacts:
    """Everything that the petition contains."""

    own: RequestRow
    connection: Connection
    bills: Sequence[Bill]
    forums: Sequence[Forum]
    tables: Reference
    owed: OwedStatement | None

    @property
    def amount_paise(self) -> int:
        """The sum in dispute: the bills, and what is owed for the delay."""
        return sum(bill.amount_paise for bill in self.bills) + (self.owed.owed.paise if self.owed else 0)

    @property
    def forum(self) -> Forum | None:
        """The nearest constituted forum that decides such a sum, else the nearest constituted, else a planned one."""
        constituted = [each for each in self.forums if each.constituted]
        deciding = [each for each in constituted if self.amount_paise <= (each.max_amount_paise or inf)]
        return next(iter([*deciding, *constituted, *self.forums]), None)

    @property
    def passed_over(self) -> list[Forum]:
        """The constituted forums that are nearer, and decide smaller sums only."""
        place = next((n for n, each in enumerate(self.forums) if each is self.forum), 0)
        return [each for each in self.forums[:place] if each.constituted]


@consumer.get("/requests/<complaint_no>/petition")
def petition_page(complaint_no: str) -> Response:
    """Show the petition; redirect to the timeline while there is no cause for one."""
    facts = _facts(complaint_no)
    if facts is None:
        return redirect_to("consumer.timeline", complaint_no=identifiers.complaint_no(complaint_no))
    return render(
        "consumer/petition.html",
        complaint_no=facts.own.complaint_no,
        kind=facts.tables.kinds.get(facts.own.kind),
        head=_head(facts),
        passages=(_dispute(facts), _history(facts), _prayer(facts)),
    )


@consumer.get("/requests/<complaint_no>/petition.pdf")
def petition(complaint_no: str) -> Response:
    """Send the petition in the reader's language; redirect to the timeline while there is no cause for one."""
    facts = _facts(complaint_no)
    if facts is None:
        return redirect_to("consumer.timeline", complaint_no=identifiers.complaint_no(complaint_no))
    passages = (_dispute(facts), _history(facts), _prayer(facts))
    return pdf_response(f"petition-{facts.own.complaint_no}", petition_sheet, _head(facts), passages)


def _facts(complaint_no: str) -> PetitionFacts | None:
    """Return what the petition about a request contains; None while there is no cause for one."""
    own, at = own_request(complaint_no), clock.now()
    today = clock.local_date(at)
    if not is_petition_due(deadlines_of(own), today):
        return None
    tables = reference()
    connection = visible_connection(current_actor(), own.account_no, at)
    offices = [desk.office_code for desk in tables.chain(connection.subdivision_code)]
    return PetitionFacts(
        own,
        connection,
        timelines.disputed_bills(own.id),
        forums_above(offices),
        tables,
        owed_of(own, tables, today),
    )


def _head(facts: PetitionFacts) -> SlipText:
    own, connection, forum = facts.own, facts.connection, facts.forum
    mobile = current_consumer().mobile or connection.mobile_on_record or ""
    rows = [
        (_("To"), "\n".join(_address_of(forum)) if forum else _("The consumer forum of the circle")),
        (_("From"), f"{connection.consumer_name}\n{connection.address}, {connection.pincode}"),
        (_("Mobile"), mobile),
        (_("Account number"), filters.account_no(own.account_no)),
        (_("Registered on"), filters.moment(own.registered_at)),
        (_("Reply by"), filters.day(own.promised_on)),
    ]
    return SlipText(
        title=_("Petition to the consumer forum (CGRF)"),
        rows=tuple(rows),
        footer=(
            *_about_forum(facts),
            _("Prepared by WSS (Web Self Service) from its records. Check before you sign."),
        ),
        language=page_language(),
        heading=_("WSS, Web Self Service"),
        number=(_("Complaint number"), filters.complaint_no(own.complaint_no)),
    )


def _address_of(forum: Forum) -> list[str]:
    address = (page_language() == "hi" and forum.address_hi) or forum.address
    return [line for line in (_name_of(forum), address, forum.phone) if line]


def _name_of(forum: Forum) -> str:
    return (page_language() == "hi" and forum.name_hi) or forum.name


def _about_forum(facts: PetitionFacts) -> list[str]:
    """Return which forums are not constituted yet, and up to which amount this one decides."""
    words = [
        _("%(forum)s has not been set up yet.", forum=_name_of(each))
        for each in facts.forums
        if not each.constituted
    ]
    if words and facts.forum is not None and not facts.forum.constituted:
        words.append(_("Ask 1912 or the office which forum accepts petitions until then."))
    words += [
        _(
            "%(forum)s decides disputes up to %(amount)s only.",
            forum=_name_of(each),
            amount=filters.rupees(each.max_amount_paise or 0),
        )
        for each in facts.passed_over
    ]
    limit = facts.forum.max_amount_paise if facts.forum else None
    if limit:
        words.append(_("This forum decides disputes up to %(amount)s.", amount=filters.rupees(limit)))
        if facts.amount_paise > limit:
            words.append(_("These bills are above that limit. Ask which forum hears them."))
    return words


def _dispute(facts: PetitionFacts) -> Passage:
    """Return what was requested, and the bills."""
    kind, own = facts.tables.kinds.get(facts.own.kind), facts.own
    answers = answer_lines(kind, own.fields, list(facts.bills), facts.tables) if kind else []
    lines = [
        f"{str(line.label).rstrip('?')}: {', '.join(line.lines)}"
        for line in answers
        if line.field != "bill_no"
    ]
    heads = (_("Bill number"), _("Month"), _("Units"), _("Amount"))
    bills = tuple(
        (bill.bill_no, month_of(bill.bill_month), str(bill.units), filters.rupees(bill.amount_paise))
        for bill in facts.bills
    )
    return Passage(
        by_kind(kind, _("What the complaint is about"), _("What the request is about")),
        (localized_name(kind) if kind else own.kind, *lines, *petition_estimate(own.estimate)),
        TableText(heads, bills, figures=(2, 3)) if bills else None,
    )


def _history(facts: PetitionFacts) -> Passage:
    """Return the timeline in short."""
    lines, kind = [], facts.tables.kinds.get(facts.own.kind)
    for event in timelines.timeline(facts.own.id):
        office = facts.tables.offices.get(event.office_code or "")
        by = f"{office_name(office)}, {post_name(event.role)}" if office else str(post_name(event.role))
        lines.append((filters.moment(event.at), str(event_words(event.action, kind)), by))
    return Passage(_("Progress so far"), (), TableText((_("When"), _("What"), _("By")), tuple(lines)))


def event_words(action: str, kind: RequestKind | None) -> LazyString | str:
    """Return an entry of the timeline as the consumer writes it."""
    own = by_kind(kind, {}, _OWN_REQUEST_ACTIONS).get(action) or _OWN_ACTIONS.get(action)
    return own or event_label(action, kind)


def _prayer(facts: PetitionFacts) -> Passage:
    """Return why the consumer petitions the forum, and for what."""
    prayer = _(
        "I request the forum to look into the matter, to have it corrected, and to grant relief as the rules allow."
    )
    line = " ________________________"
    return Passage(
        _("My request"),
        (
            _reason(facts),
            *_office_reasons(facts.own),
            *_owed(facts),
            prayer,
            _("Place and date:") + line,
            _("Signature:") + line,
        ),
    )


def _owed(facts: PetitionFacts) -> list[str]:
    """Return what is owed for the delay by the rate of the discom; nothing while none is switched on."""
    found = facts.owed
    if found is None:
        return []
    amount = filters.rupees(found.owed.paise)
    words = ngettext(
        "For %(num)s day of delay %(amount)s is owed to me.",
        "For %(num)s days of delay %(amount)s is owed to me.",
        found.owed.days,
        amount=amount,
    )
    return [f"{words} {basis_words(found)} {placeholder_words(found)}".strip()]


def _office_reasons(own: RequestRow) -> list[str]:
    """Return what the office wrote with the decision that the petition is against."""
    outcome = outcome_of(own.id, own.resolution)
    return [_("The office writes: “%(note)s”", note=note) for note in outcome.notes] if outcome else []


def _reason(facts: PetitionFacts) -> str:
    own = facts.own
    if own.closing == Closing.DISPUTED:
        return by_kind(
            facts.tables.kinds.get(own.kind),
            _("The complaint was closed although I said three times that it is not settled."),
            _("The request was closed although I said three times that it is not settled."),
        )
    if own.status not in OPEN or own.resolution:
        return _("The office has refused what I asked for.")
    days = (clock.local_date(clock.now()) - own.promised_on).days
    return ngettext(
        "The reply is %(num)s day late and there is no decision.",
        "The reply is %(num)s days late and there is no decision.",
        days,
    )
