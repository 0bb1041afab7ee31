"""Every SMS that a visitor can cause is rate-limited, and every module that queues SMS is listed."""

import ast
from collections.abc import Iterator

from tests.project.tree import ROOT, none_of
from wss.domain.notices import NOTICES, SmsCause

SMS = {name: notice.cause for name, notice in NOTICES.items() if notice.cause}
LIMITED = "from wss.services.shared.sms_budget import"
# These modules queue a notice whose name is an argument; the value describes what can cause the SMS.
COMPUTED = {
    "services/messages/otp.py send_counted": {SmsCause.UNPROVEN},
    "services/calls/caller_links.py _send_now": {SmsCause.UNPROVEN},
    "services/calls/caller_links.py send_link_to_caller": {SmsCause.UNPROVEN},
    "services/registration/recovery_changes.py notify_of_change": {SmsCause.PROVEN},
    "services/registration/ownership.py end_current": {SmsCause.PROVEN},
    "services/alerts/due_alerts.py _queue": {SmsCause.OFFICE},
    "services/requests/creation.py _notify": {SmsCause.OWN_ACTION, SmsCause.OWN_CHANGE},
    "services/requests/transition.py _notify": {SmsCause.OWN_CHANGE, SmsCause.OFFICE},
}
# Notices without a rate limit of their own that two modules queue, with the reason why both may.
SHARED = {
    "registered_consumer": "a registration and a granted claim both end with a registered consumer",
}
# Queued after a proof, although the same text can be requested elsewhere by everyone.
AFTER_A_PROOF = {
    "services/registration/ownership.py _give_user_name": "an OTP of the mobile on record has moved the connection",
}
# Names that are built from a status or a purpose: services/requests/outcomes, services/calls/verification.
PUT_TOGETHER = {"resolved_revised", "resolved_not_needed", "resolved_refused", "call_otp", "call_own_otp"}


def _queued() -> Iterator[tuple[str, str | None]]:
    """Yield each call of queue_notice for an SMS: its module, and the notice if it is a literal there."""
    for path in sorted((ROOT / "wss").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "queue_notice":
                    first = call.args[0]
                    name = str(first.value) if isinstance(first, ast.Constant) else None
                    if name is None or name in SMS:
                        yield f"{path.relative_to(ROOT / 'wss')} {function.name}", name


def _is_limited(place: str) -> bool:
    return LIMITED in (ROOT / "wss" / place.partition(" ")[0]).read_text(encoding="utf-8")


def test_every_place_that_queues_an_sms_by_a_computed_name_is_known():
    assert {place for place, name in _queued() if name is None} == set(COMPUTED)


def test_every_sms_is_queued_somewhere():
    services = (ROOT / "wss").glob("services/*/*.py")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "wss/domain/lifecycle.py", *services))

    none_of([name for name in SMS if f'"{name}"' not in code and name not in PUT_TOGETHER])


def test_an_sms_that_a_visitor_can_cause_is_counted_where_it_is_queued():
    by_name = {place for place, name in _queued() if name and SMS[name] is SmsCause.UNPROVEN}
    computed = {place for place, causes in COMPUTED.items() if SmsCause.UNPROVEN in causes}

    assert {place for place in by_name | computed if not _is_limited(place)} == set(AFTER_A_PROOF)


def test_an_sms_without_a_limit_is_queued_by_one_module():
    modules: dict[str, set[str]] = {}
    for place, name in _queued():
        if name and SMS[name] in (SmsCause.PROVEN, SmsCause.OFFICE):
            modules.setdefault(name, set()).add(place.partition(" ")[0])

    assert {name for name, places in modules.items() if len(places) > 1} == set(SHARED)
