"""The site as a target: run with demo data in a folder of its own, with its people and what they own."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from attack.accounts import VISITOR, Residents
from attack.crawl import TOKEN
from attack.exchange import Answer, Exchange
from attack.names import endpoints_of
from attack.pages import CrawledPages, Form, crawl_pages
from attack.program import HOST, PROJECT, Program, free_port, module
from attack.targets import CLOSED, OPEN, OWNED, Person, Place
from wss import create_app
from wss.config import Config
from wss.web.access_table import AccessRule, access_of

PAGES_EACH = 60
_MORE_THAN_ALLOWED = 8
# An address of another form is not found, or is redirected; one that is too long is refused unread.
_NOT_THERE = {400, 404, 405, 308, 413, 414, 431}
_LINK = re.compile(r"/(activate|not-me|reset|confirm|dispute|answer|d|t|phone|unsubscribe)/([\w-]{8,})")
_BY_LINK = {
    "activate": "auth.activate auth.follow_link",
    "not-me": "auth.not_me auth.was_not_me",
    "reset": "auth.reset auth.set_new_password",
    "confirm": "tracking.confirm tracking.answer",
    "dispute": "tracking.dispute tracking.stop",
    "answer": "tracking.question tracking.reply",
    "d": "tracking.documents tracking.take_documents",
    "t": "tracking.by_link",
    "phone": "auth.phone auth.know_phone",
    "unsubscribe": "public.unsubscribe public.stop_alerts",
}
_COMMON = {
    "address_language": "en",
    "table": "offices",
    "name": "css/wss.css",
    "page": "1",
    "call_id": "1",
    "revision_id": "1",
    "batch_id": "1",
    # No person of the tour: a crawler must stay who it is.
    "who": "1",
    "call_back_id": "1",
    "filter_id": "1",
    "change_id": "1",
    "message_id": "00000000-0000-4000-8000-000000000000",
    "post_id": "00000000-0000-4000-8000-000000000000",
    "employee_id": "E20005",
    "captcha_id": "0" * 32,
    "upload_id": "0" * 32,
    "action": "confirm",
    "language": "en",
    "request": "BILL_CORRECTION",
    "request_type": "Billing",
    "version": "1",
}


def site_program(folder: Path, *, is_raised: bool) -> Program:
    """Return the site in a folder of its own, as `make run` starts it or with limits raised; a context manager."""
    instance = folder / "instance"
    instance.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = module("attack.raised_site") if is_raised else [sys.executable, str(PROJECT / "app.py")]
    return Program(command, folder / "site.log", environ_of(instance, port), port)


def environ_of(instance: Path, port: int) -> dict[str, str]:
    """Return the settings of a site on this machine."""
    address = f"http://{HOST}:{port}"
    return {
        "WSS_ENV": "development",
        "WSS_INSTANCE": str(instance),
        "PORT": str(port),
        "WSS_PUBLIC_URL": address,
    }


def known_variables() -> set[str]:
    """Return the variables of addresses that have a usual value: owned ones, links of messages, and common ones."""
    return {*OWNED, *_COMMON, "token", "code"}


class SiteTarget:
    """The running site."""

    def __init__(self, program: Program, instance: Path) -> None:
        self.program, self.base = program, program.base
        self.app = _same_site(instance, program.port)
        self.residents = Residents(self.app)
        self.people: Sequence[Person] = self.residents.people
        self._exchange = Exchange(self.base)
        self.places: Sequence[Place] = endpoints_of(self.app)
        self._learn()

    def access(self, place: Place, person: Person) -> str:
        """Return the access of a person by the site's own access table."""
        access = access_of(place.endpoint)
        if access is AccessRule.EVERYBODY:
            return OPEN
        is_staff = person.name in self.residents.staff
        if isinstance(access, frozenset):
            return OPEN if is_staff and self.residents.role_of(person) in access else CLOSED
        if access is AccessRule.PASSWORD_GIVEN:
            return OPEN if is_staff else CLOSED
        return OPEN if person.is_signed_in and not is_staff else CLOSED

    def is_refusal(self, place: Place, answer: Answer) -> bool:
        """Return whether the response is "not found" or a redirect to the login."""
        path = urlsplit(answer.location).path
        return answer.status in _NOT_THERE or (answer.status == 303 and path in ("/login", "/staff/login"))

    def renew(self, person: Person) -> None:
        """Log in again a person whose session has expired."""
        self.residents.renew(person)

    def has_limits(self) -> bool:
        """Return whether wrong logins are refused after a few: then the serving process has not raised its limits."""
        visitor = self.residents.named(VISITOR)
        typed = [(TOKEN, visitor.token.encode()), ("login", b"urban"), ("password", b"wrong")]
        statuses = {
            self._exchange.post("/login", typed, visitor.cookie).status for _ in range(_MORE_THAN_ALLOWED)
        }
        return 429 in statuses

    def log(self) -> str:
        """Return what the site has logged."""
        return self.program.written()

    def secrets(self) -> Mapping[str, str]:
        """Return personal data of the demo consumers, and the cookies and tokens of everyone who sends requests."""
        keys = {person.cookie.partition("=")[2]: "a session" for person in self.people}
        return {**self.residents.personal, **keys, **{person.token: "a token" for person in self.people}}

    def _learn(self) -> None:
        """Walk through the pages of all people to collect forms and names of parameters."""
        links = self._links_of_messages()
        names: dict[tuple[str, str], set[str]] = {}
        for person in self.people:
            person.things = {**_COMMON, **links, **person.things}
            if self.residents.role_of(person).startswith("helpdesk"):
                self._open_call(person)
            starts = [
                place.path(place.usual(person.things)) for place in self.places if place.method == "GET"
            ]
            crawl = crawl_pages(
                partial(self._exchange.get, cookie=person.cookie),
                self.base,
                ["/", *starts],
                PAGES_EACH + len(starts),
            )
            self._note(person, crawl, names)
        self.places = [
            replace(place, names=tuple(sorted({*place.names, *names.get((place.rule, place.method), ())})))
            for place in self.places
        ]

    def _note(self, person: Person, crawl: CrawledPages, names: dict[tuple[str, str], set[str]]) -> None:
        for path, found in crawl.seen.items():
            names.setdefault((self.rule_at(path, "GET"), "GET"), set()).update(found)
        for form in crawl.forms:
            rule = self.rule_at(urlsplit(form.action).path, form.method)
            names.setdefault((rule, form.method), set()).update(name for name, _ in form.pairs)
            if form.method == "POST":
                _remember(person, rule, form)

    def rule_at(self, path: str, method: str) -> str:
        """Return the rule that answers at an address; "" when none does."""
        try:
            rule, _ = self.app.url_map.bind("127.0.0.1").match(path, method, return_rule=True)
        except HTTPException:
            return ""
        return str(rule.rule)

    def _links_of_messages(self) -> dict[str, str]:
        """Return tokens of real links, by the endpoints that accept them."""
        found = {}
        for kind, token in _LINK.findall(self._exchange.get("/dev/outbox?format=json").text):
            for endpoint in _BY_LINK[kind].split():
                found[f"{endpoint}.token"] = found[f"{endpoint}.code"] = token
        return found

    def _open_call(self, person: Person) -> None:
        typed = [("q", person.things["account_no"].encode()), ("call_reason", b"bill")]
        sent = [("csrf_token", person.token.encode()), *typed]
        to = self._exchange.post("/helpdesk", sent, person.cookie).location
        if "/calls/" in to:
            person.things["call_id"] = to.rpartition("/")[2]


def _remember(person: Person, rule: str, form: Form) -> None:
    path = urlsplit(form.action).path
    person.forms.setdefault(path, form.pairs)
    known = person.forms.setdefault(rule, [])
    known += [pair for pair in form.pairs if pair[0] not in dict(known)]


def _same_site(instance: Path, port: int) -> Flask:
    """Return the same site in this process, for its URL map, its database and its keys; it serves nothing here."""
    address = f"http://{HOST}:{port}"
    return create_app(Config(env="development", instance=instance, port=port, public_url=address))
