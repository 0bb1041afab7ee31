"""What somebody came for stays with them through every page of registering and signing in."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Response, request, url_for

from wss.domain.consumption import most_unusual
from wss.queries.bills import consumption
from wss.web.denied_access import ExpiredLogin
from wss.web.next_page import safe_next
from wss.web.pages import redirect_to_address

# Says on the first page of whoever has just registered that they have.
REGISTERED = "registered"


def wanted() -> str | None:
    """The page of ours that was wanted before signing in; out of the address, else out of the form."""
    return safe_next(request.args.get("next")) or safe_next(request.form.get("next"))


def onward(endpoint: str, **values: object) -> str:
    """The address of another page on this way, with what was wanted and what is to be said."""
    over = request.args.get("over")
    said = over if over in tuple(ExpiredLogin) else None
    return url_for(endpoint, **{**values, "next": wanted(), "over": said})  # type: ignore[arg-type]


def go_on(endpoint: str, **values: object) -> Response:
    """Send the reader on to another page on this way."""
    return redirect_to_address(onward(endpoint, **values))


def first_page(account_no: str) -> str:
    """Where somebody begins who has just registered: what they wanted, else the bill that stands out most."""
    address = wanted()
    if address is not None:
        path, _mark, query = address.partition("?")
        return f"{path}?{urlencode([*parse_qsl(query, keep_blank_values=True), (REGISTERED, '1')])}"
    unusual = most_unusual(consumption(account_no))
    if unusual is None:
        return url_for("consumer.account", registered=1)
    return url_for("consumer.bill", account_no=account_no, bill_no=unusual.bill_no, registered=1)
