"""The calculator: units and rupees of appliances by the tariff, with or without a login."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from wss import clock
from wss.domain import identifiers
from wss.domain.appliance_use import billed_use, categories_on, category_network, estimate_use
from wss.domain.tariff import rates_on
from wss.models import Connection
from wss.queries.bills import consumption
from wss.queries.connections import connections_of, visible_connection
from wss.queries.reference import reference
from wss.web.access import current_actor, current_consumer, is_signed_in
from wss.web.labels.appliances import APPLIANCES
from wss.web.labels.bills import category_name
from wss.web.labels.requests import localized_name
from wss.web.labels.usage_estimates import charge_words, decimal_units, name_of_use
from wss.web.pages import render
from wss.web.public.calculator_form import (
    EXAMPLE,
    MOST_ROWS,
    CalculatorForm,
    example_values,
    form_with_rows,
    rows_sent,
)
from wss.web.public.views import open_page, public
from wss.web.shared_pages import shared_page

# What the form has at first, without a connection.
_FIRST = {
    "urban": {"network": "urban", "category": "LMV-1U", "load_kw": "2"},
    "rural": {"network": "rural", "category": "LMV-1R", "load_kw": "1"},
}


@shared_page(public, "/calculator")
def calculator() -> Response:
    """Show the form with an example; to a logged-in consumer with network, category and load of their connection."""
    own = _own_connection()
    values = example_values() | (_facts_of(own) if own else _FIRST[_network_asked()])
    # A token would be a cookie, and a page with a cookie is kept by no cache.
    meta = {"csrf": is_signed_in()}
    form = form_with_rows(len(EXAMPLE), _categories(values["network"]))(formdata=None, data=values, meta=meta)
    return open_page("public/calculator.html", **_context(form, own))


@public.post("/calculator")
def calculate() -> Response:
    """Show what the appliances use and cost; or the form with one more row, or with the categories of a network."""
    own = _own_connection()
    is_asking = "add" in request.form or "show" in request.form
    network = request.form.get("network", "") if is_asking else ""
    rows = rows_sent(request.form, more="add" in request.form)
    form = form_with_rows(rows, _categories(network))()
    if is_asking:
        context = _context(form, own, new_row=rows - 1 if "add" in request.form else None)
        return render("public/calculator.html", "public/_calculator.html", **context)
    if not form.validate():
        return render("public/calculator.html", status=422, **_context(form, own))
    return render("public/calculator.html", **_context(form, own), **_result(form, own))


def _result(form: CalculatorForm, own: Connection | None) -> dict[str, Any]:
    """Return the units and charges, and the same of the consumer's own bills."""
    rates, load_w, category = reference().rates, form["load_kw"].number, form["category"].data or ""
    found = estimate_use(form.uses(), rates_on(rates, category, _today()), load_w)
    is_comparable = own is not None and own.billing_unit == "kWh"
    return {
        "estimate": found,
        "billed": billed_use(consumption(own.account_no), rates, category, load_w, _today())
        if own and is_comparable
        else None,
    }


def _context(form: CalculatorForm, own: Connection | None, new_row: int | None = None) -> dict[str, Any]:
    others = connections_of(current_consumer().id, clock.now()) if own else []
    return {
        "form": form,
        "own": own,
        "connections": [one for one in others if own and one.account_no != own.account_no],
        "new_row": new_row,
        "may_add": form.rows < MOST_ROWS,
        "appliances": APPLIANCES.values(),
        "localized_name": localized_name,
        "category_name": category_name,
        "charge_words": charge_words,
        "decimal_units": decimal_units,
        "name_of_use": name_of_use,
    }


def _own_connection() -> Connection | None:
    """Return the consumer's connection that the address names, else their first; None without a login.

    Raises NotFound for a connection of another consumer.
    """
    if not is_signed_in():
        return None
    named = request.args.get("account_no")
    if named is None:
        first = next(iter(connections_of(current_consumer().id, clock.now())), None)
        named = first.account_no if first else None
    if named is None:
        return None
    return visible_connection(current_actor(), identifiers.account_no(named), clock.now())


def _network_asked() -> str:
    asked = request.args.get("network", "")
    return asked if asked in _FIRST else "urban"


def _facts_of(own: Connection) -> dict[str, str]:
    load = f"{own.sanctioned_load_w / 1000:.3f}".rstrip("0").rstrip(".")
    return {"network": own.network, "category": own.category, "load_kw": load}


def _categories(network: str) -> list[str]:
    """Return the categories of a network; those of both without one, so that a wrong pair can be explained."""
    offered = categories_on(reference().rates, _today())
    return [code for code in offered if not network or category_network(code) in (None, network)]


def _today() -> date:
    return clock.local_date(clock.now())
