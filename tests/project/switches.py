"""Ways to switch controls off: a limit that is never reached, a check that lets everything pass."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.project.tree import ROOT

Switch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Control:
    """One control: the row of the threat table that it answers, and one test (or more) that holds it."""

    row: int
    name: str
    switch_off: Switch
    test: str


def everywhere(patch: pytest.MonkeyPatch, place: str, make: Callable[[Any], Any]) -> None:
    """Put another function in the place of one, wherever a module of ours has imported it."""
    module, _, name = place.rpartition(".")
    original = getattr(sys.modules[module], name)
    other = make(original)
    for each in list(sys.modules.values()):
        if str(getattr(each, "__file__", "")).startswith((str(ROOT / "wss"), str(ROOT / "tests"))):
            for known, value in list(vars(each).items()):
                if value is original:
                    patch.setattr(each, known, other)


def instead(place: str, other: Any) -> Switch:
    """A function that does something else, wherever it is used."""
    return lambda patch: everywhere(patch, place, lambda _original: other)


def changed(place: str, make: Callable[[Any], Any]) -> Switch:
    """A function made out of the original, wherever that is used."""
    return lambda patch: everywhere(patch, place, make)


def set_to(place: str, value: Any) -> Switch:
    """A constant, property or method with another value."""
    return lambda patch: patch.setattr(place, value)


def without_limit(*names: str) -> Switch:
    """Limits that are never reached."""

    def switch_off(patch: pytest.MonkeyPatch) -> None:
        from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit

        for name in names:
            patch.setitem(ALLOWANCES, Limit[name], Allowance(10**6, timedelta(days=1)))

    return switch_off


def blind_to_where_from(patch: pytest.MonkeyPatch) -> None:
    from flask import request

    from wss.web import access

    guard = access._guard

    def blind() -> Any:
        request.environ.pop("HTTP_SEC_FETCH_SITE", None)
        return guard()

    patch.setattr(access, "_guard", blind)


def any_session(use: Any) -> Any:
    from wss.db import session
    from wss.models import Captcha

    def use_any(captcha_id: str, _session_hash: str, at: Any) -> Any:
        shown = session().get(Captcha, captcha_id)
        return use(captcha_id, shown.session_hash if shown else "", at)

    return use_any


def again_and_again(_use: Any) -> Any:
    from wss.queries.captchas import captcha_sum

    return lambda captcha_id, _session_hash, at: captcha_sum(captcha_id, at)


def any_purpose(use: Any) -> Any:
    from wss.db import session
    from wss.models import LinkToken

    def use_any(token_hash: str, purpose: str, at: Any) -> Any:
        kept = session().get(LinkToken, token_hash)
        return use(token_hash, kept.purpose if kept else purpose, at)

    return use_any


def not_used_up(_use: Any) -> Any:
    from wss.queries.codes import live_token

    def look(token_hash: str, purpose: str, at: Any) -> Any:
        found = live_token(token_hash, purpose, at)
        return found.subject if found else None

    return look


def wrong_ones_given_back(try_otp: Any) -> Any:
    from wss.domain.rate_limits import Limit
    from wss.services.shared import rate_limits

    def try_and_give_back(unlocks: Any, asker: Any, typed: str) -> Any:
        tried = try_otp(unlocks, asker, typed)
        if not tried.is_right:
            rate_limits.give_back(Limit.OTP_WRONG_DAY, asker.key)
        return tried

    return try_and_give_back


def of_any_mobile(_of: Any) -> Any:
    from wss.models import Otp

    return lambda unlocks: (Otp.purpose == unlocks.purpose, Otp.subject == unlocks.subject)


def held_ones_too(_visible: Any) -> Any:
    from wss.db import session
    from wss.models import Connection, Ownership

    def visible(actor: Any, account_no: str, _at: Any) -> Any:
        mine = select(Ownership.account_no).where(
            Ownership.consumer_id == actor.consumer_id, Ownership.ended_at.is_(None)
        )
        wanted = select(Connection).where(Connection.account_no == account_no)
        return session().execute(wanted.where(Connection.account_no.in_(mine))).scalars().one()

    return visible


def from_the_first_moment(while_owned: Any) -> Any:
    from wss.models import Ownership

    return lambda owned: while_owned(
        Ownership(
            account_no=owned.account_no,
            consumer_id=owned.consumer_id,
            created_at=owned.created_at,
            ended_at=owned.ended_at,
        )
    )


def requests_of_anybody(patch: pytest.MonkeyPatch) -> None:
    from wss.queries import service_requests

    patch.setattr(service_requests, "_for_consumer", service_requests._one)


def nothing_for_the_withheld(queue: Any) -> Any:
    return lambda *args, withhold=False, **more: [] if withhold else queue(*args, **more)


def own_proposals_too(check: Any) -> Any:
    return lambda actor, seen, move, at: check(actor, replace(seen, proposed_by=None), move, at)


def whatever_was_seen(take_action: Any) -> Any:
    return lambda actor, complaint_no, move: take_action(actor, complaint_no, replace(move, version=None))


def kept_as_sent(_shelf_of: Any) -> Any:
    from wss.domain.uploads import DocumentKind, kind_of
    from wss.gateways.sanitiser import SanitisedDocument
    from wss.services.requests.draft_documents import DocumentStorage

    return lambda gateways: DocumentStorage(
        gateways.documents,
        sanitise=lambda content: SanitisedDocument(content, kind_of(content) or DocumentKind.PDF),
    )


def read_again(_filled: Any) -> Any:
    def fill(template: str, values: dict[str, str], _part: str) -> str:
        for _time in range(2):
            for name, value in values.items():
                template = template.replace("{#" + name + "#}", value)
        return template

    return fill


def never_held(signed_in: Any) -> Any:
    def find(*asked: Any) -> Any:
        found = signed_in(*asked)
        return replace(found, is_held=False) if found else None

    return find


def any_room(room_of: Any) -> Any:
    from wss.web.access import AccessRule

    return lambda endpoint: room_of(endpoint) or AccessRule.EVERYBODY


def any_bill(patch: pytest.MonkeyPatch) -> None:
    everywhere(
        patch, "wss.queries.registrations.latest_bill_numbers", lambda find: lambda no, _n: find(no, 99)
    )
    either = "wss.domain.ownership.is_among_last"
    everywhere(patch, either, lambda _o: lambda bill_no, latest: any(bill_no in pair for pair in latest))


def always_active(_proof_by: Any) -> Any:
    from wss.domain.ownership import OwnershipProof

    return lambda *_known: OwnershipProof.ACTIVE


def readable(patch: pytest.MonkeyPatch) -> None:
    from wss import vault

    patch.setattr(vault, "seal", lambda text: text)
    patch.setattr(vault, "unseal", lambda text: text)


def as_if_nobody_left(original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda session_hash, at, seen_after, _today: original(session_hash, at, seen_after, date.min)


def as_at_first_sight(original: Callable[..., Any]) -> Callable[..., Any]:
    seen: dict[str, Any] = {}
    return lambda session_hash, *asked: seen.setdefault(session_hash, original(session_hash, *asked))


def told_to_everybody(patch: pytest.MonkeyPatch) -> None:
    import wss.web.codes

    original = wss.web.codes.fate_of
    everywhere(
        patch, "wss.web.otp_page.fate_of", lambda _fate_of: lambda otp, tells: original(otp, tells=True)
    )
