"""Waiting messages and dead letters by gateway and age, and their resend; never recipients or texts.

Also revised bills that the billing system does not have.
"""

from __future__ import annotations

from flask import Response, request
from flask_babel import LazyString
from werkzeug.datastructures import MultiDict

from wss import clock
from wss.queries import billing_posts
from wss.queries import deliveries as queries
from wss.services.messages import resend
from wss.services.messages.resend import ResendOutcome
from wss.services.revisions import billing_resend
from wss.web.access import current_actor
from wss.web.deliveries.blueprint import deliveries
from wss.web.fields import row_id
from wss.web.labels.deliveries import BILL_NOT_WAITING, NO_DEAD_LETTERS, NO_UNPOSTED_BILLS, RESEND_ERRORS
from wss.web.pages import redirect_to, render

# A count with more digits could be a telephone number that a crafted link makes this page show.
_LARGEST_COUNT = 99_999


@deliveries.get("/messages")
def overview() -> Response:
    """Show waiting messages, dead letters by reason, and single dead letters, the latest first."""
    return _page()


@deliveries.post("/messages/replay")
def replay_all() -> Response:
    """Resend all dead letters of one channel, gateway and reason."""
    alike = queries.DeadLetterGroup(
        *(request.form.get(name, "") for name in ("channel", "gateway", "reason"))
    )
    again = resend.resend_all(current_actor(), alike)
    if not again.how_many:
        return _page(409, NO_DEAD_LETTERS)
    return redirect_to("deliveries.overview", again=again.how_many, left=again.left)


@deliveries.post("/messages/<message_id>/replay")
def replay(message_id: str) -> Response:
    """Resend one message."""
    again = resend.resend(current_actor(), message_id)
    if again is not ResendOutcome.SENT_AGAIN:
        return _page(409, RESEND_ERRORS[again])
    return redirect_to("deliveries.overview", again=1)


@deliveries.post("/messages/bills/replay")
def repost_all() -> Response:
    """Resend all revised bills that were refused for one reason."""
    how_many = billing_resend.resend_all_posts(current_actor(), request.form.get("reason", ""))
    return redirect_to("deliveries.overview", bills=how_many) if how_many else _page(409, NO_UNPOSTED_BILLS)


@deliveries.post("/messages/bills/<post_id>/replay")
def repost(post_id: str) -> Response:
    """Resend one revised bill."""
    if not billing_resend.resend_post(current_actor(), post_id):
        return _page(409, BILL_NOT_WAITING)
    return redirect_to("deliveries.overview", bills=1)


def _page(status: int = 200, error_text: LazyString | str = "") -> Response:
    at, before = clock.now(), request.args.get("before", "")
    dead = queries.dead_letters(at, before)
    args = request.args if request.method == "GET" else MultiDict[str, str]()
    return render(
        "deliveries/overview.html",
        status=status,
        waiting=queries.waiting_messages(at),
        given_up=queries.dead_letter_counts(at),
        dead=dead[: queries.SHOWN],
        older=dead[queries.SHOWN - 1].id if len(dead) > queries.SHOWN else "",
        is_first=not before,
        bills=billing_posts.unposted_bills(),
        resent=args.get("again", 0, type=_count),
        left=args.get("left", 0, type=_count),
        bills_resent=args.get("bills", 0, type=_count),
        error_text=error_text,
    )


def _count(text: str) -> int:
    """Return a count from the address; 0 if it is not one, or is too large."""
    number = row_id(text)
    return number if number <= _LARGEST_COUNT else 0
