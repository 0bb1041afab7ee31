"""The dates in notices: until when to answer, when silence closes a request, until when it can be reopened."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household
from tests.fixtures.complaint_handling import NUMBER, ask, consumer_of, resolve, rows
from tests.fixtures.registration import messages, values_of
from wss.db import transaction
from wss.domain.lifecycle import Action, Resolution
from wss.models import Message, Office, ServiceRequest
from wss.queries.reference import bump_reference_version
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox
from wss.services.requests.actions import take_action
from wss.services.requests.expiry import expire_waits
from wss.services.requests.transition_types import ActionRequest

MOBILE = "9811999999"


def text_of(message: Message, app: Any, *, closes: bool = False) -> str:
    """Return a message as it is sent where the site's setting is this."""
    outbox = Outbox(app.extensions["wss"].gateways, "https://wss.example.in", close_on_silence=closes)
    return outbox.parcel(message).text


def letter(**changes: Any) -> Message:
    """Return the newest notice of a resolution as an e-mail in English."""
    newest = max(messages("resolved", "resolved_refused"), key=lambda one: one.event_number or 0)
    return Message(
        id=newest.id,
        notice=newest.notice,
        channel="email",
        language="en",
        recipient="pooja@example.in",
        text_sealed=newest.text_sealed,
        urgency=newest.urgency,
        created_at=newest.created_at,
        gateway="",
        is_in_doubt=False,
        attempts=0,
        **changes,
    )


def confirm(household: Household, action: Action = Action.CONFIRM) -> None:
    request = rows(ServiceRequest)[0]
    take_action(
        consumer_of(household), request.complaint_no, ActionRequest(action, "It is still wrong.", rating=None)
    )


def reopened(times: int) -> None:
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(reopened_times=times))


def of_the_discom(closes: bool | None) -> None:
    with transaction() as session:
        session.execute(sa.update(Office).where(Office.level == "discom").values(close_on_silence=closes))
        bump_reference_version()


def test_a_question_says_by_when_to_reply(complainant: Household, app: Any):
    ask()

    assert values_of(messages("question")[0])["answer_by"] == "09-12-2026"
    assert "09-12-2026" in text_of(messages("question")[0], app)


def test_a_reminder_names_the_day_of_the_question(complainant: Household, frozen_clock: Any):
    ask()
    frozen_clock.advance(days=7)

    expire_waits(close_on_silence=False)

    assert values_of(messages("question_reminder")[0])["answer_by"] == "09-12-2026"


def test_a_reminder_to_confirm_names_the_day_of_the_resolution(complainant: Household, frozen_clock: Any):
    resolve()
    frozen_clock.advance(days=7)

    expire_waits(close_on_silence=False)

    assert values_of(messages("confirm_reminder")[0])["answer_by"] == "09-12-2026"


@pytest.mark.parametrize(
    ("of_discom", "of_site", "is_told"),
    [(True, False, True), (False, True, False), (None, True, True), (None, False, False)],
)
def test_a_letter_says_that_silence_closes_only_where_it_does(
    complainant: Household, app: Any, of_discom: bool | None, of_site: bool, is_told: bool
):
    of_the_discom(of_discom)
    resolve(resolution=Resolution.REFUSED)

    text = text_of(letter(), app, closes=of_site)

    assert "Please tell us by 09-12-2026." in text
    assert ("we will close the complaint" in text) is is_told
    assert "\n\n\n" not in text


def test_a_closed_request_says_until_when_it_can_be_reopened(complainant: Household, app: Any):
    resolve()

    confirm(complainant)

    assert "09-12-2026" in text_of(messages("closed")[0], app)


def test_one_closed_by_silence_can_be_reopened_for_longer(complainant: Household, frozen_clock: Any):
    of_the_discom(True)
    resolve()
    with transaction() as session:
        session.execute(sa.update(Message).values(state="sent"))
    frozen_clock.advance(days=15)

    for _round in range(2):
        expire_waits(close_on_silence=False)
        with transaction() as session:
            session.execute(sa.update(Message).values(state="sent"))

    assert values_of(messages("closed")[0])["reopen_by"] == "09-03-2027"


def test_one_that_cannot_be_reopened_does_not_say_so(complainant: Household):
    resolve()
    reopened(2)

    confirm(complainant)

    assert messages("closed") == []
    assert len(messages("closed_final")) == 1


def test_a_third_refusal_says_that_a_new_complaint_follows(complainant: Household):
    resolve()
    reopened(2)

    confirm(complainant, Action.REFUSE)

    assert messages("closed", "closed_final") == []
    [notice] = messages("closed_disputed")
    following = values_of(notice)["new_no"].replace(" ", "")
    assert following.isdigit() and following != NUMBER


@pytest.mark.parametrize("notice", ["question", "confirm_reminder", "closed"])
def test_a_notice_queued_by_an_earlier_version_is_sent(
    database: Any, frozen_clock: Any, app: Any, notice: str
):
    with transaction():
        queue_notice(
            notice, Recipient("en", MOBILE), {"complaint_no": "100 0000 0016", "path": "/answer/abc"}
        )

    assert "09-12-2026" in text_of(messages(notice)[0], app)
