"""Template filters that format dates, money, loads and numbers in one way everywhere."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import gettext, lazy_gettext

from wss.clock import local_date, now, to_local
from wss.domain.identifiers import grouped_complaint_no
from wss.domain.lateness import is_late
from wss.domain.lifecycle import Status
from wss.domain.masking import masked_mobile
from wss.domain.number_words import grouped_rupees
from wss.queries.service_requests import RequestLine

# As on the bill; the calendar of the library spells October differently.
_MONTHS = (
    lazy_gettext("January"),
    lazy_gettext("February"),
    lazy_gettext("March"),
    lazy_gettext("April"),
    lazy_gettext("May"),
    lazy_gettext("June"),
    lazy_gettext("July"),
    lazy_gettext("August"),
    lazy_gettext("September"),
    lazy_gettext("October"),
    lazy_gettext("November"),
    lazy_gettext("December"),
)
_SHORT_MONTHS = (
    lazy_gettext("Jan"),
    lazy_gettext("Feb"),
    lazy_gettext("Mar"),
    lazy_gettext("Apr"),
    lazy_gettext("May"),
    lazy_gettext("Jun"),
    lazy_gettext("Jul"),
    lazy_gettext("Aug"),
    lazy_gettext("Sep"),
    lazy_gettext("Oct"),
    lazy_gettext("Nov"),
    lazy_gettext("Dec"),
)
_WEEKDAYS = (
    lazy_gettext("Monday"),
    lazy_gettext("Tuesday"),
    lazy_gettext("Wednesday"),
    lazy_gettext("Thursday"),
    lazy_gettext("Friday"),
    lazy_gettext("Saturday"),
    lazy_gettext("Sunday"),
)
_MINUS = "\u2212"


def init_app(app: Flask) -> None:
    """Register every filter under its own name."""
    for made in (
        day,
        clock_time,
        moment,
        machine_moment,
        month,
        weekday,
        rupees,
        kilowatts,
        account_no,
        complaint_no,
        mobile,
        is_overdue,
    ):
        app.add_template_filter(made)


def day(value: date | datetime) -> str:
    """Return a day in Uttar Pradesh: 24-11-2026."""
    return _local(value).strftime("%d-%m-%Y")


def clock_time(value: datetime) -> str:
    """Return a time of day in Uttar Pradesh: 15:20."""
    return to_local(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """Return day and time in Uttar Pradesh: 24-11-2026, 15:20."""
    return f"{day(value)}, {clock_time(value)}"


def machine_moment(value: datetime) -> str:
    """Return a moment in the format of <time datetime>: 2026-11-24T15:20+05:30."""
    return to_local(value).isoformat(timespec="minutes")


def month(value: date | datetime) -> str:
    """Return the month of a date: October 2026, अक्टूबर 2026."""
    local = _local(value)
    return f"{_MONTHS[local.month - 1]} {local.year}"


def short_month(value: date) -> str:
    """Return the month of a date in a few letters, for the axis of a chart: Oct, अक्टू."""
    return str(_SHORT_MONTHS[value.month - 1])


def month_of(bill_month: str) -> str:
    """Return the month of a bill in words, from its "YYYY-MM"."""
    return month(date.fromisoformat(f"{bill_month}-01"))


def weekday(value: date | datetime) -> str:
    """Return the day of the week: Tuesday, मंगलवार."""
    return str(_WEEKDAYS[_local(value).weekday()])


def rupees(paise: int) -> str:
    """Return money, from whole paise, in Indian groups: ₹ 12,34,567.50; a line does not break after the sign."""
    sign = _MINUS if paise < 0 else ""
    return f"{sign}₹\u00a0{grouped_rupees(abs(paise))}"


def kilowatts(watts: int) -> str:
    """Return a load, from whole watts: 4 kW, 7.46 kW."""
    load = f"{watts / 1000:.3f}".rstrip("0").rstrip(".")
    return gettext("%(load)s kW", load=load)


def account_no(number: str) -> str:
    """Return an account number in groups that can be read out: 9289 653 273, 9177 0327 1028."""
    ends = (4, 7, 10) if len(number) == 10 else (4, 8, 12)
    return " ".join(number[start:end] for start, end in zip((0, *ends), ends, strict=False))


def complaint_no(number: str) -> str:
    """Return a complaint number in its groups: 100 0000 0016."""
    return grouped_complaint_no(number)


def mobile(number: str | None) -> str:
    """Return a mobile number with all but the last two digits masked: ••••••••34."""
    return masked_mobile(number)


def _local(value: date | datetime) -> date:
    return to_local(value) if isinstance(value, datetime) else value


def is_overdue(request_row: RequestLine) -> bool:
    """Return whether a request is late today."""
    return is_late(
        Status(request_row.status), request_row.promised_on, request_row.status_since, local_date(now())
    )
