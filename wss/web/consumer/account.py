"""The account page, a connection with its tabs, and bills."""

from __future__ import annotations

from flask import Response, request

from wss import clock
from wss.domain import identifiers
from wss.domain.bill_lines import compare_bills
from wss.domain.catalogue import dispute_kind
from wss.domain.lifecycle import WAITS_FOR_CONSUMER
from wss.domain.typed_values import iso_month, whole_number
from wss.gateways.pdf import bill_sheet
from wss.models import Connection
from wss.queries.bills import (
    A_YEAR_OF_BILLS,
    consumption,
    latest_bills,
    open_disputes,
    revised_pair,
    visible_bill,
)
from wss.queries.connections import connections_of, visible_connection
from wss.queries.drafts import drafts_of
from wss.queries.reference import reference
from wss.queries.self_bills import generated_bills
from wss.queries.service_requests import PAGE, requests_of
from wss.services.self_bills.offers import rule_of
from wss.web.access import current_actor, current_consumer
from wss.web.consumer import new_request
from wss.web.consumer.blueprint import consumer
from wss.web.consumer.payment_links import bill_to_pay
from wss.web.consumer.pdf_documents import bill_text
from wss.web.consumer.unusual_bills import unusual_bill, unusual_bills, usual_units
from wss.web.labels.bills import money_lines
from wss.web.labels.calculations import computations
from wss.web.labels.guidance import payment_rule
from wss.web.pages import redirect_to, render
from wss.web.pdf_downloads import pdf_response


@consumer.get("/account")
def account() -> Response:
    """Show the consumer's connections, requests, drafts and settings."""
    me, at = current_consumer(), clock.now()
    connections, tables = connections_of(me.id, at), reference()
    chosen_kind = tables.kinds.get(request.args.get("request", ""))
    if "dispute" in request.args and connections:
        chosen_kind = dispute_kind(tables.kinds.values(), connections[0].network)
    fitting = [each for each in connections if chosen_kind and each.network in chosen_kind.networks]
    if chosen_kind and len(fitting) == 1:
        # A service that was chosen before login leads to its form.
        return redirect_to(
            "consumer.request_new",
            account_no=fitting[0].account_no,
            request_type=chosen_kind.type,
            request=chosen_kind.code,
            registered=request.args.get("registered"),
        )
    requests = requests_of(me.id, at)
    return render(
        "consumer/account.html",
        me=me,
        connections=connections,
        unusual_bills={} if chosen_kind and fitting else unusual_bills(connections),
        chosen_kind=chosen_kind if fitting else None,
        requests=[one for one in requests if one.status not in WAITS_FOR_CONSUMER],
        waiting=[one for one in requests if one.status in WAITS_FOR_CONSUMER],
        drafts=[draft for draft in drafts_of(me.id, at) if draft.kind in tables.kinds],
        kinds=tables.kinds,
        today=clock.local_date(at),
    )


@consumer.get("/account/<account_no>")
def connection(account_no: str) -> Response:
    """Show a connection's details."""
    own = own_connection(account_no)
    tables = reference()
    return render(
        "consumer/connection.html",
        connection=own,
        unusual=unusual_bills([own]).get(own.account_no),
        office=tables.offices.get(own.subdivision_code),
        may_generate=_may_generate(own),
        to_pay=bill_to_pay(own.account_no),
    )


@consumer.get("/account/<account_no>/bills")
def bills(account_no: str) -> Response:
    """Show a connection's bills, a year at a time."""
    own = own_connection(account_no)
    found = latest_bills(own.account_no, current_consumer().id, iso_month(request.args.get("before", "")))
    generated = [each for each in generated_bills(own.account_no) if each.is_current]
    return render(
        "consumer/bills.html",
        connection=own,
        bills=found,
        generated=generated,
        may_generate=not generated and _may_generate(own),
        older=found[-1].bill_month if len({each.bill_month for each in found}) == A_YEAR_OF_BILLS else None,
        today=clock.local_date(clock.now()),
    )


@consumer.get("/account/<account_no>/bills/<bill_no>")
def bill(account_no: str, bill_no: str) -> Response:
    """Show a bill, line by line, with the meaning of its basis."""
    own = own_connection(account_no)
    shown = visible_bill(own.account_no, identifiers.bill_no(bill_no))
    disputes = open_disputes([shown.bill_no])
    own_disputes = [each for each in disputes if each.consumer_id == current_consumer().id]
    pair = revised_pair(shown)
    in_force = pair[1] if pair else shown
    balance = in_force.amount_paise - (in_force.paid_amount_paise or 0)
    is_to_pay = in_force is shown and balance > 0
    used = consumption(own.account_no)
    return render(
        "consumer/bill.html",
        connection=own,
        bill=shown,
        unusual=unusual_bill(own, used, shown.bill_no),
        usual=usual_units(used, shown.bill_no),
        items=money_lines(shown),
        pair=pair,
        balance=balance,
        payment_rule=payment_rule(
            reference(),
            own.subdivision_code,
            own.account_no,
            [shown.bill_no] if disputes else (),
        )
        if is_to_pay
        else None,
        to_pay=bill_to_pay(own.account_no) if is_to_pay else None,
        differences=compare_bills(*pair) if pair else [],
        computation=computations([pair[1].bill_no])[pair[1].bill_no] if pair else [],
        is_disputed=bool(disputes),
        open_complaint_no=own_disputes[0].complaint_no if own_disputes else None,
        kind=new_request.kind_about_bills(own),
        today=clock.local_date(clock.now()),
    )


@consumer.get("/account/<account_no>/bills/<bill_no>.pdf")
def bill_pdf(account_no: str, bill_no: str) -> Response:
    """Send a bill as PDF."""
    own = own_connection(account_no)
    shown = visible_bill(own.account_no, identifiers.bill_no(bill_no))
    return pdf_response(f"bill-{shown.bill_no}", bill_sheet, *bill_text(own, shown))


@consumer.get("/account/<account_no>/requests")
def connection_requests(account_no: str) -> Response:
    """Show the service requests of a connection, newest first."""
    own = own_connection(account_no)
    before_id = whole_number(request.args.get("after", ""))
    found = requests_of(current_consumer().id, clock.now(), own.account_no, before_id)
    return render(
        "consumer/requests.html",
        connection=own,
        requests=found,
        older=found[-1].id if len(found) == PAGE else None,
        kinds=reference().kinds,
        today=clock.local_date(clock.now()),
    )


def _may_generate(own: Connection) -> bool:
    """Return whether the discom has switched on that consumers generate bills."""
    rule = rule_of(own.subdivision_code)
    return rule is not None and rule.switched_on


def own_connection(account_no: str) -> Connection:
    """Return the consumer's connection with this number."""
    return visible_connection(current_actor(), identifiers.account_no(account_no), clock.now())
