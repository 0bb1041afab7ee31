"""The `next` page, passed through all pages of registration and login."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Response, request, url_for

from wss.domain.catalogue import dispute_kind
from wss.domain.consumption import most_unusual
from wss.queries.bills import consumption
from wss.queries.consumers import connection_row
from wss.queries.reference import reference
from wss.web.denied_access import ExpiredLogin
from wss.web.next_page import safe_next
from wss.web.pages import redirect_to_address

# The query argument that makes the first page confirm the registration.
REGISTERED = "registered"


def requested_page() -> str | None:
    """Return the page of ours that was requested before login, from the address, else from the form."""
    return safe_next(request.args.get("next")) or safe_next(request.form.get("next"))


def next_url_for(endpoint: str, **values: object) -> str:
    """Return the address of another page of the process, with the `next` page and the notice of an expired session."""
    over = request.args.get("over")
    reason = over if over in tuple(ExpiredLogin) else None
    return url_for(endpoint, **{**values, "next": requested_page(), "over": reason})  # type: ignore[arg-type]


def redirect_onward(endpoint: str, **values: object) -> Response:
    """Redirect to another page of the process."""
    return redirect_to_address(next_url_for(endpoint, **values))


def _form_address(account_no: str, address: str) -> str | None:
    """Return the form to which the account page would redirect its only connection; saves a round trip."""
    asked, kinds = dict(parse_qsl(address.partition("?")[2])), reference().kinds
    own = connection_row(account_no)
    if own is None:
        return None
    kind = (
        dispute_kind(kinds.values(), own.network)
        if "dispute" in asked
        else kinds.get(asked.get("request", ""))
    )
    if kind is None or own.network not in kind.networks:
        return None
    return url_for("consumer.request_new", account_no=account_no, request_type=kind.type, request=kind.code)


def first_page(account_no: str) -> str:
    """Return the first page after registration: the requested page, else the bill with the most unusual amount."""
    address = requested_page()
    if address is not None and address.partition("?")[0] == url_for("consumer.account"):
        address = _form_address(account_no, address) or address
    if address is not None:
        path, _mark, query = address.partition("?")
        return f"{path}?{urlencode([*parse_qsl(query, keep_blank_values=True), (REGISTERED, '1')])}"
    unusual = most_unusual(consumption(account_no))
    if unusual is None:
        return url_for("consumer.account", registered=1)
    return url_for("consumer.bill", account_no=account_no, bill_no=unusual.bill_no, registered=1)
