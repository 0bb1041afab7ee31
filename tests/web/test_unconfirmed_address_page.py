"""A consumer sees that their e-mail address is not confirmed, and can have its e-mail resent."""

from tests.factories import Household
from tests.fixtures.my_data import change
from tests.fixtures.registration import messages
from tests.fixtures.site import Visitor


def test_an_unconfirmed_address_is_shown_on_my_page_and_its_e_mail_is_resent(
    consumer_visitor: Visitor, family: Household
):
    change(family, email="pooja@example.in")

    sent = consumer_visitor.fill("/account", form="/account/settings/confirm-email")

    assert (sent.status, sent.location) == (303, "/account/settings?sent=1")
    assert consumer_visitor.get(sent.location).find("sent") is not None
    assert [message.recipient for message in messages("confirm_email")] == ["pooja@example.in"]


def test_too_many_requests_show_the_retry_time_at_the_address(consumer_visitor: Visitor, family: Household):
    change(family, email="pooja@example.in")

    *_, page = (
        consumer_visitor.fill("/account/settings", form="/account/settings/confirm-email")
        for _time in range(4)
    )

    assert (page.status, "ask again in 24 h" in page.text) == (429, True)
