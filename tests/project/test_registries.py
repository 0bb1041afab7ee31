"""Tables with a row per field, status, role or notice are complete: a gap fails here and not in production."""

import csv

from tests.project.tree import ROOT
from wss.domain.actor import HANDLING_POSTS, HANDLING_ROLES, STAFF_ROLES, Role
from wss.domain.catalogue import RequestField
from wss.domain.lifecycle import NEXT_TO_ACT, TABLE, NextToAct, Status
from wss.domain.notices import NOTICES
from wss.gateways.message_texts import own_texts, parts_of
from wss.web.access_table import ACCESS_TABLE
from wss.web.labels.deliveries import NOTICE
from wss.web.labels.requests import STATUS
from wss.web.labels.staff import ROLE


def test_every_field_is_asked_for_by_a_kind_of_the_demo():
    with (ROOT / "wss/demo/catalogue.csv").open(encoding="utf-8", newline="") as kinds:
        asked = {name for kind in csv.DictReader(kinds) for name in kind["fields"].split()}

    assert asked == set(RequestField)


def test_every_status_has_its_label_and_who_acts_next():
    assert set(STATUS) == set(NEXT_TO_ACT) == set(Status)


def test_a_status_says_what_comes_next_exactly_until_it_has_ended():
    silent = {status for status, label in STATUS.items() if not label.next_step}

    assert silent == {status for status, who in NEXT_TO_ACT.items() if who is NextToAct.NONE}


def test_every_status_but_the_first_is_reached_by_a_transition():
    assert {step.to for step in TABLE.values()} | {Status.REGISTERED} == set(Status)


def test_every_role_but_a_visitor_has_its_name():
    assert set(ROLE) == set(Role) - {Role.VISITOR}


def test_no_two_posts_have_the_same_rank():
    ranks = [HANDLING_POSTS[role].rank for role in HANDLING_ROLES]

    assert ranks == sorted(set(ranks)) and set(HANDLING_ROLES) <= STAFF_ROLES


def test_every_staff_role_may_enter_some_part_of_the_site_for_its_work():
    rooms = {
        name: roles
        for name, roles in ACCESS_TABLE.items()
        if isinstance(roles, frozenset) and name != "staff"
    }

    assert frozenset().union(*rooms.values()) == STAFF_ROLES


def test_every_notice_has_its_label_and_its_texts():
    needed = {
        (name, language, part) for name in NOTICES for language in ("hi", "en") for part in parts_of(name)
    }

    assert set(NOTICE) == set(NOTICES)
    assert {(name, language, part) for name, language, part, _text in own_texts()} == needed
