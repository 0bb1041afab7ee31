"""Dead links: one page for all of them, whatever the purpose of the token."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.factories import Household, a_household
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.services.shared.links import new_link

PURPOSES = (
    *("reset", "activate", "confirm_email", "register", "not_me", "not_my_change"),
    *("track", "confirm", "answer", "dispute", "documents", "alerts"),
)
# Subjects that are missing: no row, deleted rows, and things that no link is about.
SUBJECTS = (
    "nobody",
    "",
    "consumer:",
    "consumer:999999",
    "registration:x:y",
    "request:999999",
    f"ownership:{'9' * 30}",
)
FILLED = {
    "bill_no": "101000000003",
    "password": "nine white boats",
    "password_again": "nine white boats",
    "action": "confirm",
    "remark": "Nothing was settled.",
    "List-Unsubscribe": "Button",
}


def rules(app: Flask) -> list[Rule]:
    return [
        rule for rule in app.url_map.iter_rules() if rule.arguments and rule.arguments <= {"token", "code"}
    ]


def answer(visitor: Visitor, rule: Rule, token: str) -> tuple[int, str]:
    path = rule.rule.replace("<token>", token).replace("<code>", token)
    if "GET" in (rule.methods or ()):
        page = visitor.get(path)
    else:
        mark = visitor.get("/login").form(action="/login").fields["csrf_token"]
        page = visitor.post(path, {**FILLED, "csrf_token": mark})
    return page.status, page.html.replace(token, "")


@pytest.fixture
def home(app: Flask, frozen_clock: Any) -> Household:
    return a_household()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_link_that_leads_to_nothing_is_answered_like_one_that_never_was(
    visitor: Visitor, home: Household, app: Flask, subject: str
):
    # So that every page is rendered for the same browser.
    visitor.get("/login")
    wrong = []
    for rule in rules(app):
        never = answer(visitor, rule, "x" * 27)
        for purpose in PURPOSES:
            with transaction():
                token = new_link(purpose, subject, timedelta(hours=1))
            answered = answer(visitor, rule, token)
            if answered != never or answered[0] not in (404, 410):
                wrong.append(f"{rule.methods} {rule} for {purpose}: {answered[0]}, not {never[0]}")

    assert not wrong, "\n".join(wrong)
