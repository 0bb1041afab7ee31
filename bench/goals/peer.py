"""P4, P6: pages and registrations against those of django-helpdesk, each in one process of gunicorn (SQLite)."""

from functools import partial

from bench.benchmark_data import account_no
from bench.databases import SQLite, filled, settings, stock
from bench.goals.registration import prepared
from bench.goals.timeline import timeline_site
from bench.keys import signed_in
from bench.load import Ask, repeated
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from bench.peer_server import PeerServer, filled_peer
from bench.rendered_pages import KIND
from bench.servers import SiteServer

CLIENTS, _WARM_UP = 4, 16
P4 = Goal("P4", 0.1)
P6 = Goal("P6", 0.125)
INFORMATION = Goal("P4", None)


def pages(options: BenchmarkOptions) -> list[Row]:
    """Measure P4, and for information the forms and the login pages."""
    peer = filled_peer(options.folder, options.pages)
    count = options.asked // 4
    url = stock(SQLite(options.folder), options.requests, options)
    with timeline_site(url, options) as site, PeerServer(peer) as other:
        tickets = repeated([Ask(address) for address in peer.tickets], count)
        site.cold()
        other.microseconds_per_request(tickets[:_WARM_UP], CLIENTS)
        rows = [
            compared(
                P4,
                "timeline, 8 events, no page cached, against the ticket of django-helpdesk, 8 replies, no login",
                in_turn(
                    site.cold,
                    lambda: other.microseconds_per_request(tickets, CLIENTS),
                    options.runs,
                ),
                "µs",
            )
        ]
        form = Ask(f"/account/{account_no(1)}/requests/new?request={KIND}", signed_in(1))
        for what, ours, theirs in (
            ("the form of a complaint, logged in, against its form of a ticket", form, "/tickets/submit/"),
            ("the login page, with a captcha, against its login page", Ask("/login"), "/login/"),
        ):
            asks, their_asks = repeated([ours], count), repeated([Ask(theirs)], count)
            site.server.microseconds_per_request(asks[:_WARM_UP], CLIENTS)
            other.microseconds_per_request(their_asks[:_WARM_UP], CLIENTS)
            pairs = in_turn(
                partial(site.server.microseconds_per_request, asks, CLIENTS),
                partial(other.microseconds_per_request, their_asks, CLIENTS),
                options.runs,
            )
            rows.append(compared(INFORMATION, what, pairs, "µs"))
    return rows


def registering(options: BenchmarkOptions) -> list[Row]:
    """Measure P6."""
    engine, each = SQLite(options.folder), max(1, options.asked // 10)
    total = _WARM_UP + each * options.runs
    peer = filled_peer(options.folder, 1)
    url = filled(engine, "registering_peer", options.few, total)
    asks = prepared(url, iter(range(1, total + 1)), total)
    with SiteServer(settings(url, options.folder)) as site, PeerServer(peer) as other:
        forms = other.forms(peer, total)
        site.microseconds_per_request(asks[:_WARM_UP], CLIENTS)
        other.microseconds_per_request(forms[:_WARM_UP], CLIENTS)
        # Each request and each form is sent once.
        ours, theirs = iter(asks[_WARM_UP:]), iter(forms[_WARM_UP:])
        pairs = in_turn(
            lambda: site.microseconds_per_request([next(ours) for _ in range(each)], CLIENTS),
            lambda: other.microseconds_per_request([next(theirs) for _ in range(each)], CLIENTS),
            options.runs,
        )
    engine.drop("registering_peer")
    return [compared(P6, "registering a request, against sending a ticket to django-helpdesk", pairs, "µs")]
