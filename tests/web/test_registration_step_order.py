"""Registration steps in any order: only the complete sequence makes a consumer."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.registration import messages, owners_of, rows, values_of, wrong
from tests.fixtures.registration_pages import DETAILS
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.models import (
    Bill,
    Connection,
    Consent,
    Consumer,
    LimitCount,
    Message,
    Ownership,
    Registration,
    SignedIn,
)

STEPS = (
    "numbers",
    "wrong numbers",
    "details",
    "no consent",
    "resend",
    "wrong code",
    "code",
    "done",
    "sign in page",
)


def take(step: str, visitor: Visitor, home: Household) -> None:
    """Post the fields of this step with a valid token, whatever the current step is."""
    token = visitor.get("/login").form(having="login").fields["csrf_token"][0]
    sent = messages("registration_otp")
    otp = values_of(sent[-1])["otp"] if sent else "123456"
    posts: dict[str, tuple[str, dict[str, str]]] = {
        "numbers": ("/register", {"account_no": home.account_no, "bill_no": home.bill_no}),
        "wrong numbers": ("/register", {"account_no": home.account_no, "bill_no": "NOSUCH"}),
        "details": ("/register/details", DETAILS),
        "no consent": ("/register/details", {**DETAILS, "accept_terms": ""}),
        "resend": ("/register/resend", {}),
        "wrong code": ("/register/verify", {"otp": wrong(otp)}),
        "code": ("/register/verify", {"otp": otp}),
    }
    if step in posts:
        address, fields = posts[step]
        visitor.post(address, {**fields, "csrf_token": token})
    else:
        visitor.get("/register/done" if step == "done" else "/login")


def is_whole_way(steps: list[str]) -> bool:
    """Return whether the steps are complete, by a separate model: numbers, then details, then the code."""
    stage = "start"
    for step in steps:
        if step == "numbers" and stage != "made":
            stage = "named"
        elif step == "details" and stage in ("named", "told"):
            stage = "told"
        elif step == "code" and stage == "told":
            stage = "made"
    return stage == "made"


def forget() -> None:
    with transaction() as session:
        for model in (SignedIn, Message, Consent, Ownership, Consumer, Registration, LimitCount):
            session.query(model).delete()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), max_size=9))
def test_only_the_whole_way_makes_a_consumer(app: Any, frozen_clock: Any, steps: list[str]):
    forget()
    home = _home()
    visitor = Visitor(app.test_client())

    for step in steps:
        take(step, visitor, home)
        # The limits of sending have their own tests; here every code may be sent.
        frozen_clock.advance(minutes=1)
        _forget_limits()

    assert len(rows(Consumer)) == len(owners_of(home.account_no)) == (1 if is_whole_way(steps) else 0)


def _home() -> Household:
    connections = rows(Connection)
    if connections:
        return Household(connections[0], rows(Bill), None)
    return a_household(registered=False, mobile_on_record=MOBILE)


def _forget_limits() -> None:
    with transaction() as session:
        session.query(LimitCount).delete()


def test_the_whole_way_itself_makes_one(app: Any, frozen_clock: Any):
    home, visitor = a_household(registered=False), Visitor(app.test_client())

    for step in ("numbers", "details", "code"):
        take(step, visitor, home)

    assert len(owners_of(home.account_no)) == 1


def test_one_persons_steps_are_no_steps_of_another(
    visitor: Visitor, another_visitor: Visitor, frozen_clock: Any
):
    home = a_household(registered=False)

    take("numbers", visitor, home)
    take("details", another_visitor, home)
    take("details", visitor, home)
    take("code", another_visitor, home)

    assert rows(Consumer) == []
