"""Every SMS has its cause, every place that queues one is known, and none that outsiders cause is without limits."""

import ast
from collections.abc import Iterator

from tests.project.tree import ROOT, none_of
from wss.domain.notices import NOTICES
from wss.domain.sms_costs import CAUSES, SmsCause

CODES = (
    "registration_otp already_registered hold_otp sign_in_otp password_otp new_mobile_otp old_mobile_otp "
    "claim_otp join_otp confirm_otp call_otp call_own_otp call_confirm_otp call_refuse_otp"
)
BY_STEP = (
    "question question_reminder question_withdrawn resolved resolved_revised resolved_not_needed resolved_refused "
    "bill_revised confirm_reminder reopened withdrawn closed escalated dispute_lifted dispute_cancelled"
)
# What each place queues. A new one needs its line: who can cause it, and what holds their number down?
PLACES = {
    "services/messages/otp.py send_counted": CODES,
    "services/registration/recovery.py send_user_name": "user_name",
    "services/login/known_phones.py _send_link": "phone_link",
    "services/calls/caller_links.py _send_now": "registration_link register_link mobile_change_link",
    "services/calls/caller_links.py send_link_to_caller": "registration_link mobile_change_link",
    "services/calls/caller_links.py send_documents_link": "documents_link",
    "services/registration/recovery_changes.py tell_of_change": (
        "password_changed mobile_changed email_changed connection_added"
    ),
    "services/registration/recovery_undo.py undo": "change_undone",
    "services/registration/activation.py _tell": "registered_consumer",
    "services/registration/activation.py _end_hold": "hold_ended",
    "services/requests/held_requests.py _finish": "hold_over",
    "services/claims/claims.py _move": "registered_consumer",
    "services/registration/mobile_change.py _change": "number_in_use",
    "services/registration/mobile_change.py _announce": "mobile_coming",
    "services/registration/mobile_change.py _announce_often": "mobile_coming_late",
    "services/my_data/erasure.py _remember": "erasure_asked",
    "services/my_data/anonymisation.py erase": "account_erased",
    "services/requests/_approved_claims.py grant_claim": "claim_granted",
    "services/registration/ownership.py end_current": "connection_claimed hold_ended",
    "services/registration/ownership.py tell_others": "not_me",
    "services/registration/ownership.py _keep_a_way_in": "user_name",
    "services/requests/creation.py _tell": "request_registered request_registered_1912",
    "services/requests/transition.py _tell": BY_STEP,
    "services/revisions/without_request.py _tell": "bill_revised",
    "services/requests/disputes.py lift": "dispute_lifted",
}
# Follows a proof: the code of the mobile on record has just moved the connection.
AFTER_A_PROOF = {"services/registration/ownership.py _keep_a_way_in"}


def _queued() -> Iterator[tuple[str, str | None]]:
    """Every call of queue_notice by a site that has an SMS to send: where, and the notice if it stands there."""
    for path in sorted((ROOT / "wss").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "queue_notice":
                    first = call.args[0]
                    name = str(first.value) if isinstance(first, ast.Constant) else None
                    if name is None or "sms" in NOTICES[name].channels:
                        yield f"{path.relative_to(ROOT / 'wss')} {function.name}", name


def test_every_sms_has_its_cause():
    assert set(CAUSES) == {name for name, notice in NOTICES.items() if "sms" in notice.channels}


def test_every_place_that_queues_an_sms_is_known():
    assert {place for place, _name in _queued()} == set(PLACES)


def test_every_place_queues_what_it_is_known_for():
    none_of(
        [
            f"{place}: {name}"
            for place, name in _queued()
            if name is not None and name not in PLACES[place].split()
        ]
    )
    assert {name for names in PLACES.values() for name in names.split()} == set(CAUSES)


def test_what_is_asked_for_from_outside_is_counted_where_it_is_queued():
    asked = {
        place for place, names in PLACES.items() for name in names.split() if CAUSES[name] is SmsCause.ASKED
    }

    none_of(
        [
            place
            for place in asked - AFTER_A_PROOF
            if "from wss.services.shared.sms_budget import"
            not in (ROOT / "wss" / place.partition(" ")[0]).read_text(encoding="utf-8")
        ]
    )
