"""The two extracts of the billing systems: connections and bills."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from wss.domain.extracts import addresses
from wss.domain.extracts.dates import day, month
from wss.domain.extracts.rows import Extract, ExtractColumn, RowRefused
from wss.domain.extracts.values import (
    MOST_READING,
    MOST_UNITS,
    account_no,
    bill_no,
    code,
    if_any,
    optional,
    pincode,
    rupees,
    serial_no,
    text,
    thousandths,
    whole,
    word,
)


class BillBasis(StrEnum):
    """The basis of a bill's units."""

    METERED = "MU"
    MINIMUM = "MIN"
    UNMETERED = "UM"
    ASSESSED = "ASS"
    CEILING = "CEIL"
    CEILING_DEFECT = "CDF"
    NOT_ACCESSIBLE = "NA"
    NOT_READ = "NR"
    PROVISIONAL = "PROV"
    IDENTIFIED_DEFECTIVE = "IDF"
    READING_DEFECTIVE = "RDF"
    APPEARS_DEFECTIVE = "ADF"


NETWORKS = ("urban", "rural")
BILLING_UNITS = ("kWh", "kVAh")
CONNECTION_STATUSES = ("active", "disconnected", "permanently_disconnected")

# An invalid telephone or address is dropped, and the row accepted: the consumer has no access without it.
NO_MOBILE = frozenset({"mobile_landline", "mobile_not_digits", "rounded_number"})
NO_EMAIL = frozenset({"email_malformed"})
PERSONAL: dict[str, Any] = {"repeats": False, "own": True, "steady": True}

CONNECTIONS = Extract(
    "connections",
    (
        ExtractColumn("account_no", account_no, repeats=False),
        ExtractColumn("network", word(NETWORKS, "unknown_network")),
        ExtractColumn("subdivision_code", code(40), vocabulary="subdivision"),
        ExtractColumn("consumer_name", text(200), repeats=False, own=True),
        ExtractColumn("address", text(400, optional=True), repeats=False, own=True),
        ExtractColumn("pincode", optional(pincode, "")),
        ExtractColumn("mobile", if_any(addresses.mobile), "mobile_on_record", spares=NO_MOBILE, **PERSONAL),
        ExtractColumn("email", if_any(addresses.email), "email_on_record", spares=NO_EMAIL, **PERSONAL),
        ExtractColumn("category", code(20), vocabulary="category"),
        ExtractColumn("sanctioned_load_kw", thousandths(least=0), "sanctioned_load_w"),
        ExtractColumn("billing_unit", word(BILLING_UNITS, "unknown_unit")),
        ExtractColumn("meter_no", serial_no(30), repeats=False, own=True),
        ExtractColumn("multiplying_factor", optional(thousandths(least=1), 1000), "multiplying_factor_milli"),
        ExtractColumn("status", word(CONNECTION_STATUSES, "unknown_status")),
        ExtractColumn("connected_on", day),
    ),
    key=("account_no",),
)

_PERIOD_FROM, _PERIOD_TO = 4, 5
_PREVIOUS, _CURRENT = 6, 7
_BASIS = 9
_ISSUED, _DUE = 10, 11


def _check_bill(values: list[Any]) -> None:
    """Check that a bill's dates run forwards, and that only an un-metered bill has no readings."""
    if values[_PERIOD_FROM] > values[_PERIOD_TO]:
        raise RowRefused("period_to", "before_period_from")
    if values[_ISSUED] > values[_DUE]:
        raise RowRefused("due_date", "before_issue_date")
    for place, name in ((_PREVIOUS, "previous_reading"), (_CURRENT, "current_reading")):
        if values[place] is None:
            if values[_BASIS] != BillBasis.UNMETERED:
                raise RowRefused(name, "missing")
            values[place] = 0


BILLS = Extract(
    "bills",
    (
        ExtractColumn("bill_no", bill_no, repeats=False),
        ExtractColumn("sbm_bill_no", optional(bill_no), repeats=False, own=True, steady=True),
        ExtractColumn("account_no", account_no, repeats=False),
        ExtractColumn("bill_month", month),
        ExtractColumn("period_from", day),
        ExtractColumn("period_to", day),
        ExtractColumn("previous_reading", optional(whole(0, MOST_READING)), repeats=False),
        ExtractColumn("current_reading", optional(whole(0, MOST_READING)), repeats=False),
        ExtractColumn("units", whole(0, MOST_UNITS)),
        ExtractColumn("bill_basis", word(tuple(map(str, BillBasis)), "unknown_basis")),
        ExtractColumn("issue_date", day),
        ExtractColumn("due_date", day),
        ExtractColumn("fixed_charge", rupees(), "fixed_charge_paise"),
        ExtractColumn("energy_charge", rupees(), "energy_charge_paise"),
        ExtractColumn("electricity_duty", rupees(), "electricity_duty_paise"),
        ExtractColumn("other_charge", rupees(credit=True), "other_charge_paise"),
        ExtractColumn("arrears", rupees(credit=True), "arrears_paise"),
        ExtractColumn("amount", rupees(credit=True), "amount_paise"),
        ExtractColumn("paid_amount", optional(rupees()), "paid_amount_paise", repeats=False),
        ExtractColumn("paid_on", optional(day)),
        # The facts at the time of the bill; a billing system that has none of them leaves the columns out.
        ExtractColumn("surcharge", optional(rupees(credit=True)), "surcharge_paise", extra=True),
        ExtractColumn(
            "multiplying_factor", optional(thousandths(least=1)), "multiplying_factor_milli", extra=True
        ),
        ExtractColumn("load_kw", optional(thousandths(least=0)), "load_w", extra=True),
        ExtractColumn("category", optional(code(20)), vocabulary="category", extra=True),
        ExtractColumn("meter_no", optional(text(30)), repeats=False, extra=True),
    ),
    key=("bill_no",),
    agree=_check_bill,
)
