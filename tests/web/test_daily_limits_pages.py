"""What the pages say where no more requests are registered, withdrawn or opened again today, and what they keep."""

from typing import Any

import pytest

from tests.factories import Household
from tests.fixtures.complaint_handling import rows
from tests.fixtures.consumer_session import check_of, fill, form_of, lodge
from tests.fixtures.helpdesk_calls import HELPDESK, agreed, drafted
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import TooOften
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import ServiceRequest
from wss.services.calls.submission import register_for_caller
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft
from wss.services.shared import rate_limits

ADDRESS = {"new_address": "12 Station Road", "pincode": "226001"}


def use_up(limit: Limit, subject: str) -> None:
    with transaction():
        for _ in range(ALLOWANCES[limit].times):
            rate_limits.consume(limit, subject)


def whose(family: Household) -> str:
    assert family.consumer is not None
    return f"consumer {family.consumer.id} {family.account_no}"


@pytest.fixture
def address_form(family: Household) -> str:
    """The form of a kind without a bill, of which one is at work."""
    assert family.consumer is not None
    actor = Actor(Role.CONSUMER, str(family.consumer.id))
    form = FilledForm(new_form_token(), "ADDRESS_CORRECTION", {}, ADDRESS)
    register_draft(actor, save_draft(actor, family.account_no, form).form_token)
    return form_of(family, "ADDRESS_CORRECTION", "Name or address")


def test_the_form_of_a_kind_that_is_at_work_leads_to_that_one(consumer_visitor: Visitor, address_form: str):
    [there] = rows(ServiceRequest)

    shown = consumer_visitor.get(consumer_visitor.get(address_form).location)

    assert f"/requests/{there.complaint_no}" in consumer_visitor.get(address_form).location
    assert "You already have an open request of this kind, so we opened it" in shown.text


def test_a_form_that_was_open_already_says_so_and_links_to_the_one_at_work(
    consumer_visitor: Visitor, family: Household, address_form: str
):
    [there] = rows(ServiceRequest)
    kind = {
        "request_type": "Name or address",
        "request": "ADDRESS_CORRECTION",
        "fields_of": "ADDRESS_CORRECTION",
    }

    page = consumer_visitor.fill(form_of(family), **kind, **ADDRESS)

    assert (page.status, page.find("error-summary") is not None) == (422, True)
    assert f"/requests/{there.complaint_no}" in page.links and "12 Station Road" in page.html


def test_a_seventh_complaint_of_the_day_is_kept_and_says_when_it_can_be_sent(
    consumer_visitor: Visitor, family: Household
):
    use_up(Limit.REGISTER_CONNECTION, whose(family))
    fill(consumer_visitor, family)

    page = consumer_visitor.fill(check_of(family))

    assert (page.status, "Retry-After" in page.headers, rows(ServiceRequest)) == (429, True, [])
    assert "send it in 24 h" in page.text and "1050 kWh" in consumer_visitor.get(check_of(family)).text


def test_withdrawing_too_often_is_told_at_its_field_and_keeps_what_was_typed(
    consumer_visitor: Visitor, family: Household
):
    number = lodge(consumer_visitor, family)
    use_up(Limit.WITHDRAW_CONNECTION, whose(family))

    page = consumer_visitor.fill(
        f"/requests/{number}", form=f"/requests/{number}/actions", action="withdraw", remark="Paid it."
    )

    assert (page.status, "#withdraw-remark" in page.links, "Paid it." in page.html) == (429, True, True)


def test_a_call_registers_what_a_session_has_used_up(home_on_record: Household):
    use_up(Limit.REGISTER_CONNECTION, whose(home_on_record))
    call_id = agreed(home_on_record)

    assert register_for_caller(HELPDESK, call_id, drafted(home_on_record, call_id))


def test_calls_have_their_limit_for_a_connection_too(home_on_record: Household):
    use_up(Limit.REGISTER_CALLS, home_on_record.account_no)
    call_id = agreed(home_on_record)
    token: Any = drafted(home_on_record, call_id)

    with pytest.raises(TooOften):
        register_for_caller(HELPDESK, call_id, token)
