"""One cell of the access matrix: the user, the address, the household of the records, and the response."""

import re
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.fixtures.access_households import HOUSEHOLDS, NOBODY, AccessHouseholds, may_see
from tests.fixtures.download_names import has_right_extension
from tests.fixtures.site import HTMX
from tests.project.endpoints import Endpoint, endpoint_of
from wss.domain.identifiers import complaint_no_from
from wss.web.access_table import AccessRule

# Values in an address that belong to no household.
OPEN_VALUES = {
    "address_language": "en",
    "captcha_id": "0" * 32,
    "token": "x" * 32,
    "code": "ABCDEFGHJK",
    "name": "css/wss.css",
    "table": "offices",
    "employee_id": "E10442",
    "batch_id": "999999",
    "who": "helpdesk",
    "upload_id": "0" * 32,
    "document_id": "0" * 32,
    "page": "1",
    "call_id": "999999",
    "call_back_id": "999999",
    "change_id": "999999",
    "filter_id": "999999",
    "message_id": "00000000-0000-4000-8000-000000000000",
    "post_id": "00000000-0000-4000-8000-000000000000",
    "complaint_no": complaint_no_from(2_000_000_098),
    "bill_no": "101999999999",
}
# Responses of an open page: the page, a redirect, no news, an empty form refused, a limit, a dead link.
OPEN = {200, 204, 286, 303, 404, 422}
# Responses to users who may see the record; an empty form is refused as a form, or for a rate limit, never as
# foreign.
SEEN = {200, 204, 286, 303, 409, 422, 429}


@dataclass(frozen=True)
class Cell:
    """One request: the user, the address, the household of the records, and whether it is an HTMX request."""

    rule: Rule
    method: str
    who: str
    whose: tuple[str, ...]
    htmx: bool

    @property
    def endpoint(self) -> Endpoint:
        """Return the endpoint as the access table and the address describe it."""
        return endpoint_of(self.rule) or Endpoint(AccessRule.CONSUMER)

    @property
    def is_seen(self) -> bool:
        """Return whether the rules show all requested records: visible to the user, and all of one household."""
        own = all(
            may_see(self.who, name, whose)
            for name, whose in zip(self.endpoint.takes, self.whose, strict=True)
        )
        return own and len(set(self.whose)) <= 1

    def __str__(self) -> str:
        asked = ", ".join(f"{n} of {w}" for n, w in zip(self.endpoint.takes, self.whose, strict=True))
        how = "htmx" if self.htmx else "plain"
        return (
            f"{self.method} {self.rule.rule} ({self.rule.endpoint}), {self.who}, {how}: {asked or 'nothing'}"
        )


def answer(site: AccessHouseholds, cell: Cell) -> TestResponse:
    """Send the request of a cell."""
    values = {
        name: site.a_session_of(_author(whose)) if name == "session" else site.things[whose][name]
        for name, whose in zip(cell.endpoint.takes, cell.whose, strict=True)
    }
    cookie = site.cookies[cell.who]
    client = site.app.test_client()
    client.set_cookie("wss", cookie)
    headers = dict(HTMX) if cell.htmx else {}
    path = address(site.app, cell.rule, values)
    if cell.method == "GET":
        return _seen_to_be_named(client.get(path, headers=headers), cell)
    in_form = {name: value for name, value in values.items() if name not in cell.rule.arguments}
    things = site.things.get(cell.whose[0] if cell.whose else "", site.things[NOBODY])
    rest = {name: value.format_map(things) for name, value in cell.endpoint.form.items()}
    form = {**rest, **in_form, "csrf_token": site.tokens[cell.who]}
    return _seen_to_be_named(client.post(path, data=form, headers=headers), cell)


def _seen_to_be_named(answered: TestResponse, cell: Cell) -> TestResponse:
    """Assert that a downloaded file is saved with the extension of its kind."""
    assert has_right_extension(answered), f"{cell}: {answered.headers['Content-Disposition']}"
    return answered


def _author(whose: str) -> str:
    return HOUSEHOLDS[whose][1] if whose in HOUSEHOLDS else NOBODY


def address(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    """Return the rule's address with these values."""
    with app.test_request_context():
        built = rule.build({name: values.get(name) or OPEN_VALUES[name] for name in rule.arguments})
    assert built is not None
    return str(built[1])


def is_redirect(answered: TestResponse, htmx: bool) -> bool:
    if htmx:
        return answered.status_code == 200 and answered.get_data() == b""
    return answered.status_code == 303


def sent_to(answered: TestResponse) -> str:
    return answered.headers.get("Location") or answered.headers.get("HX-Redirect") or ""


def body_of(site: AccessHouseholds, cell: Cell, answered: TestResponse) -> str:
    """Return the page without random values and without the numbers that were asked for."""
    text = re.sub(r'name="csrf_token" value="[\w.-]+"', "a token", answered.get_data(as_text=True))
    for whose in cell.whose:
        for name in cell.endpoint.takes:
            if name != "session":
                text = text.replace(site.things[whose][name], name)
    return text
