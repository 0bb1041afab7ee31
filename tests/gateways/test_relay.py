"""The gateways of a channel in their order: which is tried, which is skipped, and which keeps a message in doubt."""

from contextlib import suppress

import pytest

from wss.domain.breaker import GatewayState
from wss.gateways.relay import Relay
from wss.gateways.senders import Accepted, NoGatewayAvailable, Parcel, SendFailed

NOTICE = Parcel("id-1", "sms", "8539436110", "hold_ended", "en", "", "text")
CODE = Parcel("id-2", "sms", "8539436110", "hold_otp", "en", "", "text", is_code=True)


class Told:
    """A gateway that behaves as the test sets it."""

    def __init__(self, name: str, time: "Time") -> None:
        self.name = name
        self.time = time
        self.takes_s = 0.0
        self.trouble: Exception | None = None
        self.sent: list[str] = []
        self.asked = 0

    def send(self, parcel: Parcel) -> Accepted:
        """Accept the message, or fail."""
        self.asked += 1
        self.time.now += self.takes_s
        if self.trouble is not None:
            raise self.trouble
        self.sent.append(parcel.id)
        return Accepted(self.name)


class Time:
    """A clock that only the test advances."""

    now = 0.0

    def __call__(self) -> float:
        """Return its seconds."""
        return self.now


@pytest.fixture
def time() -> Time:
    """Provide the clock of the relay."""
    return Time()


@pytest.fixture
def two(time: Time) -> tuple[Relay, Told, Told]:
    """Provide a relay of two gateways."""
    first, second = Told("sms1", time), Told("sms2", time)
    return Relay([first, second], time), first, second


def refuses() -> SendFailed:
    return SendFailed("gateway 503", again=True)


def no_answer() -> SendFailed:
    return SendFailed("TimeoutError", again=True, in_doubt=True)


def failure(relay: Relay, parcel: Parcel = NOTICE) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        relay.send(parcel)
    return caught.value


def open_breakers(relay: Relay, *gateways: Told) -> None:
    """Make these gateways fail until their circuit breakers open."""
    for gateway in gateways:
        gateway.trouble = refuses()
    for _time in range(3):
        with suppress(SendFailed):
            relay.send(CODE)


Two = tuple[Relay, Told, Told]


def test_the_first_that_works_gets_the_message(two: Two):
    relay, first, second = two

    assert (relay.send(NOTICE).gateway, first.sent, second.sent) == ("sms1", ["id-1"], [])


def test_the_next_is_asked_at_once_when_one_does_not_work(two: Two):
    relay, first, second = two
    first.trouble = refuses()

    assert (relay.send(NOTICE).gateway, second.sent) == ("sms2", ["id-1"])


@pytest.mark.parametrize(
    "refusal",
    [
        SendFailed("gateway 422", again=False),
        SendFailed("smtp 450", again=True, answered=True),
        SendFailed("smtp 550", again=False, no_such_recipient=True),
    ],
)
def test_who_refuses_the_message_itself_has_the_last_word(two: Two, refusal: SendFailed):
    relay, first, second = two
    first.trouble = refusal

    assert (failure(relay), second.asked) == (refusal, 0)


def test_who_refuses_messages_is_not_left_alone_for_it(two: Two):
    relay, first, _second = two
    first.trouble = SendFailed("gateway 422", again=False)
    for _time in range(5):
        failure(relay)

    assert relay.state() is GatewayState.READY and first.asked == 5


def test_a_gateway_that_fails_three_times_is_not_asked_for_a_while(two: Two):
    relay, first, second = two
    open_breakers(relay, first)
    relay.send(NOTICE)

    assert (first.asked, len(second.sent)) == (3, 4)


def test_a_gateway_that_was_left_alone_is_tried_with_one_notice(two: Two, time: Time):
    relay, first, _second = two
    open_breakers(relay, first)
    time.now, first.trouble = 15, None

    assert [relay.send(NOTICE).gateway, relay.send(NOTICE).gateway] == ["sms1", "sms1"]


def test_no_gateway_is_tried_with_a_code_while_another_works(two: Two, time: Time):
    relay, first, _second = two
    open_breakers(relay, first)
    time.now = 15

    assert (relay.send(CODE).gateway, first.asked) == ("sms2", 3)


def test_a_notice_that_may_have_arrived_is_given_to_no_other(two: Two):
    relay, first, second = two
    first.trouble = no_answer()
    reported = failure(relay)

    assert (reported.in_doubt, reported.gateway, second.asked) == (True, "sms1", 0)


def test_a_code_that_may_have_arrived_is_given_to_the_next_rather_twice_than_never(two: Two):
    relay, first, second = two
    first.trouble = no_answer()

    assert (relay.send(CODE).gateway, second.sent) == ("sms2", ["id-2"])


def test_a_refused_code_stays_in_doubt_with_the_gateway_that_may_have_it(two: Two):
    relay, first, second = two
    first.trouble, second.trouble = no_answer(), refuses()
    reported = failure(relay, CODE)

    assert (reported.in_doubt, reported.gateway) == (True, "sms1")


def pinned(parcel: Parcel, gateway: str) -> Parcel:
    return Parcel(parcel.id, "sms", parcel.to, parcel.notice, "en", "", "text", only_by=gateway)


def test_a_message_that_one_may_have_is_only_given_to_that_one(two: Two):
    relay, first, second = two

    assert relay.send(pinned(NOTICE, "sms2")).gateway == "sms2" and first.asked == 0
    second.trouble = refuses()
    assert (failure(relay, pinned(NOTICE, "sms2")).gateway, first.asked) == ("sms2", 0)


def test_a_message_of_a_gateway_that_is_no_longer_there_is_given_to_any(two: Two):
    assert two[0].send(pinned(NOTICE, "sms9")).gateway == "sms1"


def no_gateway(relay: Relay, parcel: Parcel) -> NoGatewayAvailable:
    with pytest.raises(NoGatewayAvailable) as caught:
        relay.send(parcel)
    return caught.value


def test_no_gateway_is_tried_while_all_breakers_are_open(two: Two):
    relay, first, second = two
    open_breakers(relay, first, second)

    assert not no_gateway(relay, NOTICE).pinned
    assert (relay.state(), first.asked, second.asked) == (GatewayState.SHUT, 3, 3)


def test_a_message_whose_gateway_is_left_alone_knows_that_it_waits_for_that_one(two: Two):
    relay, first, second = two
    open_breakers(relay, first)

    assert no_gateway(relay, pinned(NOTICE, "sms1")).pinned and second.asked == 3


def test_after_an_outage_one_message_tries_how_they_fare(two: Two, time: Time):
    relay, first, second = two
    open_breakers(relay, first, second)
    time.now = 15

    assert relay.state() is GatewayState.PROBE


def test_a_relay_is_ready_while_one_of_its_gateways_is(two: Two):
    relay, first, _second = two
    open_breakers(relay, first)

    assert relay.state() is GatewayState.READY


def test_a_slow_gateway_is_skipped_for_a_quick_one(two: Two):
    relay, first, second = two
    first.takes_s = 3
    for _time in range(4):
        relay.send(NOTICE)

    assert (len(first.sent), len(second.sent)) == (3, 1)


def test_slow_gateways_are_better_than_none(two: Two):
    relay, first, second = two
    first.takes_s = second.takes_s = 3
    for _time in range(8):
        relay.send(NOTICE)

    assert relay.state() is GatewayState.READY and len(first.sent) + len(second.sent) == 8


def test_a_slow_gateway_is_asked_in_the_end_when_the_quick_one_fails(two: Two):
    relay, first, second = two
    first.takes_s = 3
    for _time in range(3):
        relay.send(NOTICE)
    second.trouble = refuses()

    assert relay.send(NOTICE).gateway == "sms1"


@pytest.mark.parametrize("fault", [RuntimeError("a fault of ours"), KeyboardInterrupt()])
def test_a_fault_that_is_no_failure_does_not_keep_a_gateway_on_trial(
    two: Two, time: Time, fault: BaseException
):
    relay, first, second = two
    open_breakers(relay, first, second)
    time.now = 15
    first.trouble = fault  # type: ignore[assignment]
    with pytest.raises(type(fault)):
        relay.send(NOTICE)
    time.now += 30
    first.trouble = None

    assert relay.send(NOTICE).gateway == "sms1"


def test_the_last_one_asked_is_named(two: Two):
    relay, first, second = two
    first.trouble = second.trouble = refuses()
    second.trouble = SendFailed("gateway 500", again=True)

    assert (failure(relay).gateway, failure(relay).reason) == ("sms2", "gateway 500")
