"""The estimate of disputed bills from the reading that a consumer gives: on the form, and stored with the complaint."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wss.domain.bill_estimate import BillEstimate, estimate
from wss.domain.calculation import TariffBasis
from wss.domain.catalogue import RequestField, kept_as
from wss.domain.suggestion.daily_use import MeterReading
from wss.queries.bills import consumption
from wss.queries.effective_bills import connection_of, effective_bills
from wss.queries.reference import Reference, reference

# How many bills of before may be needed to find the last actual reading.
_MONTHS_KNOWN = 36
_READINGS = {kept_as(field) for field in (RequestField.READING_KWH, RequestField.READING_KVAH)}


def estimate_for(
    account_no: str,
    meter_no: str,
    bill_nos: Sequence[str],
    reading: int | None,
    on: date,
    tables: Reference | None = None,
) -> BillEstimate | None:
    """Return the estimate of a connection's bills; None without a bill or a reading."""
    if reading is None or not bill_nos:
        return None
    bills = effective_bills(account_no, bill_nos)
    if not bills:
        return None
    rates = (tables or reference()).rates
    tariff_basis = TariffBasis(rates, consumption(account_no, _MONTHS_KNOWN))
    return estimate(bills, tariff_basis, MeterReading(on, reading), meter_no)


def estimate_of_answers(
    account_no: str, answers: Mapping[str, Any] | None, on: date, tables: Reference
) -> dict[str, Any] | None:
    """Return the estimate for the answers of a form, as it is stored; None where the form has no reading."""
    bill_nos = (answers or {}).get(RequestField.BILL_NO.value)
    if not answers or not bill_nos or not set(answers) & _READINGS:
        return None
    supplied = connection_of(account_no)
    by_unit = RequestField.READING_KVAH if supplied.billing_unit == "kVAh" else RequestField.READING_KWH
    found = estimate_for(account_no, supplied.meter_no, bill_nos, answers.get(kept_as(by_unit)), on, tables)
    return found.as_stored() if found else None
