"""Formats of dates, money and numbers."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from wss.web import filters

NEARLY_MIDNIGHT_IN_LUCKNOW = datetime(2026, 11, 24, 18, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("paise", "written"),
    [
        (0, "₹\u00a00.00"),
        (5, "₹\u00a00.05"),
        (99_999, "₹\u00a0999.99"),
        (100_000, "₹\u00a01,000.00"),
        (574_035, "₹\u00a05,740.35"),
        (123_456_750, "₹\u00a012,34,567.50"),
        (10_000_000_000, "₹\u00a010,00,00,000.00"),
        (-385_400, "\u2212₹\u00a03,854.00"),
    ],
)
def test_money_is_grouped_the_indian_way(paise: int, written: str):
    assert filters.rupees(paise) == written


def test_a_day_begins_at_midnight_in_uttar_pradesh():
    assert filters.moment(NEARLY_MIDNIGHT_IN_LUCKNOW) == "24-11-2026, 23:59"


def test_a_moment_has_a_machine_readable_time_zone():
    assert filters.machine_moment(NEARLY_MIDNIGHT_IN_LUCKNOW) == "2026-11-24T23:59+05:30"


def test_a_date_without_a_time_stays_as_it_is():
    assert filters.day(date(2026, 12, 1)) == "01-12-2026"


@pytest.mark.parametrize(
    ("number", "written"), [("9289653273", "9289 653 273"), ("917703271028", "9177 0327 1028")]
)
def test_an_account_number_is_grouped_for_reading_out(number: str, written: str):
    assert filters.account_no(number) == written


def test_a_complaint_number_is_grouped_for_reading_out():
    assert filters.complaint_no("10000000016") == "100 0000 0016"


def test_a_mobile_shows_its_last_two_digits():
    assert filters.mobile("9876543234") == "••••••••34"


@pytest.mark.parametrize(
    ("watts", "written"), [(4_000, "4 kW"), (7_460, "7.46 kW"), (500, "0.5 kW"), (100_000, "100 kW")]
)
def test_a_load_is_written_in_kilowatts(small_site: Flask, watts: int, written: str):
    with small_site.test_request_context("/?lang=en"):
        assert filters.kilowatts(watts) == written


def test_a_months_name_is_in_the_readers_language(small_site: Flask):
    with small_site.test_request_context("/"), force_locale("en_IN"):
        assert filters.month(date(2026, 10, 1)) == "October 2026"


def test_a_day_of_the_week_is_in_the_readers_language(small_site: Flask):
    with small_site.test_request_context("/"), force_locale("en_IN"):
        assert filters.weekday(date(2026, 12, 1)) == "Tuesday"
