"""The supervisor's page: a day's calls and their results, alarms, and disputed requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from flask import Response, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain import identifiers
from wss.domain.calendar import IST
from wss.domain.call_backs import CallBackOutcome
from wss.domain.calls import VerifiedBy
from wss.domain.errors import Forbidden, Malformed, Outdated
from wss.domain.lifecycle import BEFORE_RESOLVED
from wss.domain.supervision import EmployeeDay, hours_with_calls, lines_of, sum_of
from wss.domain.typed_values import iso_day, remarks
from wss.queries import supervision
from wss.queries.call_backs import call_back_figures
from wss.queries.officers import names_of
from wss.queries.reference import reference
from wss.services.requests import disputes as disputing
from wss.web.access import current_actor
from wss.web.action_form import ActionForm
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.labels.helpdesk import relation_name
from wss.web.labels.requests import REQUEST_LABELS
from wss.web.pages import redirect_to, render

_DECISIONS = {"lift": disputing.lift, "cancel": disputing.cancel}
_DONE = {
    "lift": _l("Work on it will continue, and the consumer has been told."),
    "cancel": _l("The request has been closed, and the consumer has been told."),
}
_BARRED = {"own_call": _l("You took the call on which it was registered. A colleague has to decide.")}
_ALARMS = {
    "records": _l("Records opened in one day: %(count)s"),
    "misses": _l("Numbers not found: %(count)s"),
}
_OF_THE_SITE = {
    "limit:otp_send_budget": _l("Today's OTP limit is used up. Someone may be misusing OTPs."),
    "limit:otp_send_unknown": _l(
        "Numbers that are not on our records have used up their share of today's OTPs. Someone "
        "may be misusing OTPs. Numbers on record still get theirs."
    ),
    "limit:otp_send_series": _l(
        "Numbers beginning with %(series)s have used up the OTPs that one number series gets in a"
        " day. Someone may be misusing OTPs."
    ),
    "limit:one_number_all": _l(
        "Very many people came with a bill number alone. Someone may be trying one bill number "
        "after another. With the account number as well, access works as before."
    ),
    "limit:call_facts": _l(
        "Callers gave a wrong bill number or name for account %(account_no)s many times today. "
        "Someone may be guessing."
    ),
    "limit:site_failures": _l(
        "Very many logins and searches are failing. Someone may be guessing. For now everyone has"
        " to solve a sum. No one is locked out, and no SMS is sent."
    ),
    "limit:verify_rate": _l(
        "Only %(used)s of the %(sent)s OTPs of the last hour were used. Someone may be misusing "
        "OTPs. For now every browser has to solve a sum before its first OTP."
    ),
}
_VERIFIED_BY = {
    VerifiedBy.OTP_ON_RECORD: _l("OTP to the consumer's mobile"),
    VerifiedBy.FACTS: _l("bill, name and the caller's own mobile"),
}
_CALL_BACK_OUTCOMES = (
    (CallBackOutcome.REACHED, _l("reached")),
    (CallBackOutcome.UNREACHED, _l("not reached in three attempts")),
    (CallBackOutcome.CANCELLED, _l("cancelled")),
    (CallBackOutcome.EXPIRED, _l("not called in time")),
)
COLUMNS = (
    ("calls", _l("Calls")),
    ("records", _l("Records opened")),
    ("verified", _l("Callers verified")),
    ("wrong", _l("Wrong OTPs")),
    ("closed", _l("Calls closed after 3 wrong OTPs")),
    ("requests", _l("Requests registered")),
    ("without_request", _l("Records opened, no request")),
    ("without_number", _l("Callers without a number")),
    ("links", _l("Links sent")),
    ("links_used", _l("Links used")),
)


class DisputeForm(ActionForm):
    """The decision about a disputed request; its subject is the complaint number."""

    field_lengths: ClassVar = {"reason": None}


@helpdesk.get("/helpdesk/supervisor")
def supervisor() -> Response:
    """Show the calls of a day, today by default, and what is disputed now."""
    return _page(DisputeForm())


@helpdesk.post("/helpdesk/supervisor/disputes/<complaint_no>")
def decide(complaint_no: str) -> Response:
    """Continue a disputed request or end it, with the reason, which its consumer reads."""
    number = identifiers.complaint_no(complaint_no)
    form = DisputeForm.sent(number)
    if form.action not in _DECISIONS:
        return _page(form.with_error("reason", _("Choose: resume or close the request")), 422)
    try:
        _DECISIONS[form.action](current_actor(), number, remarks(form.typed["reason"]))
    except Malformed:
        return _page(form.with_error("reason", _("Use 1,000 characters or fewer")), 422)
    except Forbidden as no:
        return _refused(form, no.code)
    except Outdated:
        return _refused(form, "")
    return redirect_to("helpdesk.supervisor", done=form.action)


def alarm_words(alarm: supervision.SupervisorAlarm) -> LazyString | str:
    """Return the words of an alarm."""
    words = _OF_THE_SITE.get(alarm.subject) or _ALARMS[alarm.details["about"]]
    return words % alarm.details


def verified_words(code: str) -> LazyString | str:
    """Return how a caller was verified, in words."""
    return _VERIFIED_BY[VerifiedBy(code)] if code in frozenset(VerifiedBy) else ""


def _refused(form: DisputeForm, code: str) -> Response:
    if code == "remark_required":
        words = _("Enter what you found out")
        return _page(form.with_error("reason", words), 422)
    instead = _l(
        "This request has changed since you opened the page. Your decision was not saved; check"
        " the request again."
    )
    return _page(replace(form, barred=_BARRED.get(code, instead)), 409)


def _page(form: DisputeForm, status: int = 200) -> Response:
    day, today = _day(), clock.local_date(clock.now())
    begins = datetime.combine(day, time(), IST).astimezone(UTC)
    ends = begins + timedelta(days=1)
    lines = lines_of(
        supervision.calls_taken(begins, ends),
        supervision.requests_registered(begins, ends),
        supervision.links_sent(begins, ends),
    )
    alarms, disputes = supervision.alarms(begins, ends), supervision.disputes()
    return render(
        "helpdesk/supervisor.html",
        status=status,
        day=day,
        today=today,
        lines=lines,
        total=sum_of(lines),
        hours=hours_with_calls(lines),
        columns=COLUMNS,
        reasons=supervision.calls_by_reason(begins, ends),
        alarms=alarms,
        disputes=disputes,
        call_backs=call_back_figures(begins, ends, clock.now()),
        call_back_outcomes=_CALL_BACK_OUTCOMES,
        can_end=frozenset(BEFORE_RESOLVED),
        names=names_of(_everybody(lines, alarms, disputes)),
        form=form,
        done=_DONE.get(request.args.get("done", ""), ""),
        tables=reference(),
        alarm_words=alarm_words,
        words_of_dispute={**REQUEST_LABELS, "relation_name": relation_name, "verified_words": verified_words},
    )


def _day() -> date:
    """Return the day in the address; today for anything else and for days to come."""
    today = clock.local_date(clock.now())
    return min(iso_day(request.args.get("day", "")) or today, today)


def _everybody(
    lines: list[EmployeeDay], alarms: list[supervision.SupervisorAlarm], disputes: Any
) -> set[str]:
    """Return the employees whose names the page shows; alarms of the site have none."""
    of_alarms = {alarm.subject.partition("employee:")[2] for alarm in alarms}
    of_disputes = {dispute.employee_id for dispute in disputes}
    return {line.employee_id for line in lines} | {one for one in of_alarms | of_disputes if one}
