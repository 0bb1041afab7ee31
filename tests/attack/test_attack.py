"""The crawler finds the faults seeded in the weak application, and covers every address of the site."""

import random
from pathlib import Path

import pytest
from flask import Flask

from attack.crawl import cases_of, crawl
from attack.exchange import Exchange
from attack.front import adapted
from attack.names import endpoints_of
from attack.odd_values import ODD_VALUES
from attack.report import Outcome
from attack.site_target import known_variables
from attack.sqlmap import kinds_of, unreached
from attack.sweeps import Claim, strangers, without_token
from attack.targets import OPEN, Person, Place
from attack.weak_target import WeakTarget, missed, weak_program
from tests.project.tree import none_of


class Nobody:
    """A target that only lists its cases."""

    def __init__(self, places: list[Place]) -> None:
        self.places = places

    def access(self, place: Place, person: Person) -> str:
        return OPEN


def test_the_crawler_finds_every_seeded_fault(tmp_path: Path):
    with weak_program(tmp_path) as program:
        found = crawl(WeakTarget(program), len(ODD_VALUES), seed=1)

    none_of(missed([(fault.kind, fault.place) for fault in found.faults]))


def test_the_sweeps_find_an_account_of_another_and_a_form_without_a_token(tmp_path: Path):
    with weak_program(tmp_path) as program:
        weak = WeakTarget(program)
        owner = Person("owner", things={"account_no": "2"})

        found = strangers(weak, [Claim(weak.people[1], owner)]).faults + without_token(weak).faults

    assert {fault.place for fault in found} == {"GET /account/<account_no>", "POST /profile"}


def test_every_address_of_the_site_has_a_case_for_each_method(app: Flask):
    cases = cases_of(Nobody(endpoints_of(app)), Person("visitor"), 1, random.Random(1))

    tried = {(case.place.rule, case.place.method) for case in cases}
    ruled = {(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    none_of(sorted(map(str, {each for each in ruled if each[1] in ("GET", "POST")} - tried)))


def test_every_variable_of_an_address_has_a_usual_value(app: Flask):
    named = {name for place in endpoints_of(app) for name in place.variables}

    # A new name needs its usual value in attack/site_target.py, or belongs to a person in attack/accounts.py.
    none_of(sorted(named - known_variables()))


@pytest.mark.parametrize("status", ["400", "429"])
def test_a_scan_whose_requests_are_refused_says_nothing(status: str):
    seen = kinds_of(f"HTTP response [#1] ({status} NO):\n" * 30 + "HTTP response [#2] (200 OK):\n" * 70)

    assert unreached("/track", seen) == ["/track: 30% of 100 requests were refused"]


def test_a_scan_that_is_sent_to_the_sign_in_page_says_nothing():
    answer = "HTTP response [#1] (303 SEE OTHER):\nLocation: /login?next=/pending\n"

    assert unreached("/pending", kinds_of(answer * 30)) == ["/pending: 100% of 30 requests were refused"]


def test_a_tool_that_missed_its_seeded_fault_fails_the_run():
    assert not Outcome("tool", found=[], wrong=["missed"], wanted="0 of 1").is_good
    assert Outcome("tool", found=["the seeded one"], wanted="1 of 1").is_good


def test_the_shipped_front_is_tried_on_free_ports_and_without_certificates(tmp_path: Path):
    shipped = (
        "upstream site { server 127.0.0.1:8000; }\nserver { listen 80; listen [::]:80; return 301 https://x; }\n"
        "server {\n listen 443 ssl;\n ssl_certificate /etc/x.pem;\n client_header_timeout 10s;\n}\n"
    )

    text = adapted(shipped, 1443, 1800, tmp_path)

    assert "listen 127.0.0.1:1443;" in text
    assert "server 127.0.0.1:1800;" in text
    assert "client_header_timeout 10s;" in text
    assert [word for word in ("443 ssl", "ssl_certificate", "[::]", "listen 80;") if word in text] == []


def test_another_machine_is_never_tried():
    with pytest.raises(ValueError, match="only this machine"):
        Exchange("http://192.0.2.1:80")
