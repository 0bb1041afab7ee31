"""The consumers whose pages are measured: logged in, each with a request that has eight events."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bench.benchmark_data import account_no, bill_no
from bench.keys import session_id
from wss import clock, vault
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.lifecycle import Action, Resolution
from wss.models import Draft, ServiceRequest, SignedIn, Staff
from wss.services.requests.actions import take_action
from wss.services.requests.form_drafts import DRAFT_LIFE, FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest

KIND = "BILL_CORRECTION"
_WORDS = "मीटर की रीडिंग बिल में लिखी रीडिंग से कम है।"


def lodge(number: int) -> str:
    """Register a request about a consumer's newest bill; return its complaint number."""
    return register_draft(Actor(Role.CONSUMER, str(number)), draft(number))


def draft(number: int) -> str:
    """Fill in a consumer's form about the newest bill; return the form's token."""
    typed, answers = _filled_in(number)
    filled = FilledForm(new_form_token(), KIND, typed, answers)
    return save_draft(Actor(Role.CONSUMER, str(number)), account_no(number), filled).form_token


def drafts(numbers: Sequence[int]) -> list[str]:
    """Insert the drafts of many consumers at once; return the forms' tokens."""
    at, tokens = clock.now(), [new_form_token() for _ in numbers]
    with transaction() as session:
        for number, token in zip(numbers, tokens, strict=True):
            typed, answers = _filled_in(number)
            session.add(
                Draft(
                    form_token=token,
                    consumer_id=number,
                    account_no=account_no(number),
                    kind=KIND,
                    fields={"typed": typed, "answers": answers},
                    created_at=at,
                    updated_at=at,
                    expires_at=at + DRAFT_LIFE,
                )
            )
    return tokens


def _filled_in(number: int) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """Return the form about a consumer's newest bill: what was typed, and the parsed answers."""
    answers: dict[str, Any] = {"bill_no": [bill_no(number)], "reason": "wrong_reading", "reading_kwh": 1250}
    answers["remarks"] = _WORDS
    typed = {name: value if isinstance(value, list) else [str(value)] for name, value in answers.items()}
    return typed, answers


def request_with_eight_events(number: int, clerk: Actor, officer: Actor) -> str:
    """Register a request and carry it through to its resolution."""
    complaint_no = lodge(number)
    consumer = Actor(Role.CONSUMER, str(number))
    proposal = ActionRequest(Action.PROPOSE, "रीडिंग 1,250 मानकर बिल फिर से बनाया गया।", Resolution.REVISED)
    for actor, move in (
        (clerk, ActionRequest(Action.TAKE_UP)),
        (clerk, ActionRequest(Action.ASK, "कृपया मीटर की साफ़ फ़ोटो भेजें, जिसमें मीटर संख्या दिखे।")),
        (consumer, ActionRequest(Action.ANSWER, "फ़ोटो भेज दी है।")),
        (clerk, proposal),
        (officer, ActionRequest(Action.SEND_BACK, "पिछले महीने की रीडिंग भी देख लें।")),
        (clerk, proposal),
        (officer, ActionRequest(Action.APPROVE)),
    ):
        take_action(actor, complaint_no, move)
    return complaint_no


def actor_of(staff: Staff) -> Actor:
    """Return an officer as services know them."""
    return Actor(Role(staff.role), staff.employee_id, staff.office_code)


def invalidate_pages(numbers: range) -> None:
    """Change every request of these consumers, so that no cached part of its page is valid."""
    with transaction() as session:
        session.execute(
            update(ServiceRequest)
            .where(ServiceRequest.consumer_id.in_(numbers))
            .values(news=ServiceRequest.news + 1)
        )


def log_in(numbers: range) -> None:
    """Give each of these consumers a session that has just been used."""
    at = clock.now()
    with transaction() as session:
        for number in numbers:
            session.merge(
                SignedIn(
                    id_hash=vault.keyed_hash("session", session_id(number)),
                    consumer_id=number,
                    browser="",
                    created_at=at,
                    seen_at=at,
                    expires_at=at + timedelta(hours=12),
                )
            )
