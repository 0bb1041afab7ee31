"""The tour of a demo: its persons with one click each, their SMS, and a clock that is moved ahead by days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, abort, current_app, request, url_for

from wss import clock
from wss.domain.actor import Role
from wss.queries.demo import TourPerson, account_of_caller, tour_consumers, tour_employees
from wss.queries.installation import clock_ahead
from wss.queries.messages import messages_to
from wss.services.alerts.due_alerts import send_due_batch
from wss.services.login.demo_login import log_in_demo_consumer, log_in_demo_employee
from wss.services.mis.sums import fold
from wss.services.operations.demo_clock import move_demo_clock
from wss.services.registration.mobile_change import change_due_mobiles
from wss.services.requests.escalation import ROUND, escalate_due
from wss.services.requests.expiry import expire_waits
from wss.services.requests.held_requests import finish_holds
from wss.web.access import cookie, visitor
from wss.web.dev.blueprint import dev
from wss.web.dev.shown_messages import ShownMessage, shown_messages
from wss.web.labels.demo_tour import STOPS
from wss.web.labels.staff import post_name
from wss.web.pages import redirect_to, redirect_to_address, render
from wss.web.site_names import has_staff_name

DAYS = 3
SMS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class TourStop:
    """A person of the tour as its page shows them; `post` is empty for a consumer."""

    person: TourPerson
    words: str
    post: str
    messages: Sequence[ShownMessage]


@dev.get("")
def tour() -> Response:
    """Show the persons with what to look at as each, and the date of the demo."""
    found = _persons()
    stops = [
        TourStop(
            found[who],
            str(stop.words) % {"account": account_of_caller()},
            str(post_name(Role(who))) if stop.is_of_staff else "",
            shown_messages(messages_to([found[who].mobile], SMS_SHOWN)) if found[who].mobile else (),
        )
        for who, stop in STOPS.items()
        if who in found
    ]
    return render(
        "dev/tour.html",
        stops=stops,
        today=clock.local_date(clock.now()),
        ahead=clock_ahead().days,
        days=DAYS,
        went=request.args.get("moved", type=int),
        can_log_in=not has_staff_name(),
    )


@dev.post("/tour/login/<who>")
def log_in(who: str) -> Response:
    """Log in as a person of the tour, and begin where there is something to see."""
    person = _persons().get(who)
    if person is None or has_staff_name():
        abort(404)
    stop, browser = STOPS[who], visitor()
    if stop.is_of_staff:
        cookie().renew(log_in_demo_employee(browser, person.key))
    else:
        cookie().renew(log_in_demo_consumer(browser, int(person.key)))
    return redirect_to_address(url_for(stop.start))


@dev.post("/tour/days")
def go_on() -> Response:
    """Move the clock ahead, a day at a time, and do what the worker does each day."""
    on_silence, moved = current_app.extensions["wss"].config.close_on_silence, 0
    for _day in range(DAYS):
        move_demo_clock(timedelta(days=1))
        moved += escalate_due(ROUND) + expire_waits(close_on_silence=on_silence)
        finish_holds()
        change_due_mobiles()
        send_due_batch()
    fold()
    return redirect_to("dev.tour", moved=moved)


def _persons() -> dict[str, TourPerson]:
    """Return the persons of the tour that this site has, by user name or role."""
    names = [who for who, stop in STOPS.items() if not stop.is_of_staff]
    return {one.who: one for one in (*tour_consumers(names), *tour_employees()) if one.who in STOPS}
