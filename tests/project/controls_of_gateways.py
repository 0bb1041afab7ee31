"""The controls of what gateways tell and of how messages are handed over, each with the tests that must turn red."""

from typing import Any

from tests.project import switches
from tests.project.switches import Control
from wss.domain.delivery import DeliveryState

RECEIPTS, ROUNDS = "tests/services/messages/test_receipts.py", "tests/services/messages/test_outbox_rounds.py"
ADDRESS, TOLD, RELAY = (
    "tests/web/test_gateway_receipts.py",
    "tests/domain/test_receipts.py",
    "tests/gateways/test_relay.py",
)


def signed_by_whoever(_signers: Any) -> Any:
    return lambda _body, _header, secrets: frozenset(name for name, _secret in secrets)


CONTROLS_OF_GATEWAYS = (
    Control(
        47,
        "receipts are signed",
        switches.changed("wss.domain.receipts.signers", signed_by_whoever),
        f"{ADDRESS}::test_a_forged_receipt_is_refused_and_changes_nothing",
    ),
    Control(
        47,
        "without a secret no receipts",
        switches.instead("wss.domain.receipts.signers", lambda *_of: frozenset({"sms1"})),
        f"{ADDRESS}::test_without_a_secret_no_receipt_is_taken",
    ),
    Control(
        47,
        "no receipt leads back",
        switches.instead("wss.domain.delivery.changes_by", lambda _told: frozenset(DeliveryState)),
        f"{RECEIPTS}::test_nothing_changes_what_has_been_delivered",
    ),
    Control(
        47,
        "a gateway speaks for what it has",
        switches.set_to("wss.services.messages.receipts._counts", lambda *_of: True),
        f"{RECEIPTS}::test_another_gateway_cannot_say_that_a_message_failed",
    ),
    Control(
        36,
        "reasons keep no numbers of people",
        switches.set_to("wss.domain.receipts._code", lambda reason: reason[:40]),
        f"{TOLD}::test_of_a_reason_only_a_short_code_is_kept",
    ),
    Control(
        47,
        "who fails is left alone",
        switches.set_to("wss.domain.breaker.IN_A_ROW", 10**6),
        f"{RELAY}::test_a_gateway_that_fails_three_times_is_not_asked_for_a_while",
    ),
    Control(
        48,
        "a notice in doubt stays with its gateway",
        switches.instead("wss.domain.delivery.only_by", lambda *_of, **_what: ""),
        f"{ROUNDS}::test_a_notice_without_an_answer_is_only_for_the_gateway_that_may_have_it_until_the_fifth_attempt",
    ),
    Control(
        48,
        "another sending has a key of its own",
        switches.set_to("wss.services.messages.outbox.UNREACHED", "never"),
        f"{RECEIPTS}::test_a_telephone_that_is_off_gets_the_message_anew_under_another_key",
    ),
    Control(
        47,
        "codes expire also while nothing is sent",
        switches.instead("wss.services.operations.housekeeping.expire_messages", lambda: None),
        f"{ROUNDS}::test_codes_that_nothing_can_send_expire_and_are_emptied",
    ),
)
