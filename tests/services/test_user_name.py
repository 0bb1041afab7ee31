"""The forgotten user name: sent to the verified mobile, never shown, and not as often as somebody may wish."""

from typing import Any

from tests.factories import a_household
from tests.fixtures.registering import messages, somebody, values_of
from wss.domain.delivery import State
from wss.domain.ownership import Facts
from wss.services.recovery import Back, send_user_name


def test_the_name_goes_to_the_verified_mobile(database: Any):
    home = a_household()
    assert home.consumer is not None

    answer = send_user_name(somebody(), Facts(home.account_no, home.bill_no))

    [message] = messages("user_name")
    assert (answer.outcome, message.recipient, message.state) == (
        Back.DONE,
        home.consumer.mobile,
        State.WAITING,
    )
    assert values_of(message)["user_name"] == home.account_no


def test_a_wrong_bill_is_answered_alike_and_nothing_goes_out(database: Any):
    home = a_household()

    answer = send_user_name(somebody(), Facts(home.account_no, "NOSUCH"))

    assert answer.outcome is Back.DONE
    assert [message.state for message in messages("user_name")] == [State.WITHHELD]


def test_a_mobile_gets_it_once_a_minute_whoever_asks(database: Any, standing_clock: Any):
    home = a_household()
    for number in range(3):
        send_user_name(
            somebody(f"browser {number}", f"10.0.0.{number}"), Facts(home.account_no, home.bill_no)
        )

    assert [message.state for message in messages("user_name")].count(State.WAITING) == 1
