"""Forms that another site or another browser sends."""

from typing import Any

import pytest
from flask import Flask

from tests.factories import OFFICE, a_household, bill_correction, given, offices, sign_in, sign_in_staff
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.domain.actor import Role
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.models import SignedIn, Staff
from wss.web.access_table import AccessRule, access_of

VALUES: dict[str, Any] = {
    "token": "x" * 32,
    "account_no": "7950761921",
    "complaint_no": "10000000016",
    "captcha_id": "0" * 32,
    "document_id": "1",
    "bill_no": "101000009213",
    "filename": "x",
}


def addresses(app: Flask, *, role: Role | None = None) -> list[str]:
    """Return every address that takes a form and is open to consumers, or to employees of a role.

    Receipts of gateways are signed and reports of browsers are sent by scripts, so they do not count as forms.
    """
    adapter = app.url_map.bind("localhost")
    return sorted(
        {
            adapter.build(
                rule.endpoint, {name: VALUES.get(name, "1") for name in rule.arguments}, method="POST"
            )
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or ()) and _is_open_to(rule.endpoint, role)
            if rule.endpoint not in ("gateway.sms_receipt", "csp_reports.take_report")
        }
    )


def _is_open_to(endpoint: str, role: Role | None) -> bool:
    access = access_of(endpoint)
    if isinstance(access, frozenset):
        return role in access
    return role is None and access is not AccessRule.PASSWORD_GIVEN


@pytest.fixture
def signed_in(visitor: Visitor, frozen_clock: Any) -> Visitor:
    """Return a consumer who is logged in."""
    given(*bill_correction())
    sign_in(visitor, a_household().consumer)
    return visitor


def test_a_refusal_within_the_page_that_is_shown_again_keeps_its_own_status(
    visitor: Visitor, frozen_clock: Any, monkeypatch: Any
):
    monkeypatch.setitem(
        ALLOWANCES, Limit.CAPTCHA_ADDRESS, Allowance(1, ALLOWANCES[Limit.CAPTCHA_ADDRESS].within)
    )

    visitor.get("/login")

    page = visitor.post("/login", {"login": "no-one", "password": "x"})

    assert (page.status, "Retry-After" in page.headers) == (429, True)


def test_a_token_of_another_browser_is_none(app: Flask, signed_in: Visitor, another_visitor: Visitor):
    token = another_visitor.get("/login").form(having="login").fields["csrf_token"][0]

    statuses = {a: signed_in.post(a, {"csrf_token": token}).status for a in addresses(app)}

    assert set(statuses.values()) == {400}, statuses


@pytest.mark.parametrize("role", [Role.SDO, Role.ADMIN])
def test_a_token_of_another_browser_is_invalid_at_the_staff_login(
    app: Flask, visitor: Visitor, another_visitor: Visitor, frozen_clock: Any, role: Role
):
    given(*offices(), Staff(employee_id="E1", name="A. Rao", role=role.value, office_code=OFFICE))
    sign_in_staff(visitor, "E1", stepped_up=True)
    token = another_visitor.get("/login").form(having="login").fields["csrf_token"][0]

    statuses = {a: visitor.post(a, {"csrf_token": token}).status for a in addresses(app, role=role)}

    assert set(statuses.values()) == {400}, statuses


def test_a_token_from_before_signing_in_is_none_after_it(visitor: Visitor, frozen_clock: Any):
    token = visitor.get("/login").form(having="login").fields["csrf_token"][0]
    sign_in(visitor, a_household().consumer)

    assert visitor.post("/logout", {"csrf_token": token}).status == 400
    assert len(rows(SignedIn)) == 1


def test_a_browser_that_says_it_comes_from_elsewhere_is_refused_even_with_the_token(signed_in: Visitor):
    page = signed_in.get("/account")
    token = page.form(action="/logout").fields["csrf_token"][0]

    answer = signed_in.post("/logout", {"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status == 400 and len(rows(SignedIn)) == 1


@pytest.mark.parametrize("path", ["/todo/%00", "/todo?type=%00", "/revisions/new?%00=1"])
def test_an_address_with_the_character_nul_is_refused(visitor: Visitor, frozen_clock: Any, path: str):
    given(*offices(), Staff(employee_id="E1", name="A. Rao", role="sdo", office_code=OFFICE))
    sign_in_staff(visitor, "E1")

    assert visitor.get(path).status == 400


@pytest.mark.parametrize("login_address", ["/login", "/staff/login", "/register"])
def test_a_form_with_the_character_nul_is_refused(visitor: Visitor, frozen_clock: Any, login_address: str):
    fields = visitor.get(login_address).form(login_address).fields

    for name in fields:
        typed = {key: (values or [""])[0] for key, values in fields.items()}
        assert name == "csrf_token" or visitor.post(login_address, {**typed, name: "\x00"}).status == 400
