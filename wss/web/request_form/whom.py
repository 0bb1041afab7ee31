"""For whom a request is asked: the connection, whose it is, who keeps what is filled in, and where the pages are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from flask_babel import gettext as _

from wss.domain.catalogue import RequestKind
from wss.domain.rate_limits import LimitResult
from wss.domain.uploads import RefusedDocument
from wss.models import Connection
from wss.queries.drafts import DraftRow
from wss.services.requests.form_drafts import FilledForm, FormSnapshot, SavedDraft
from wss.web.request_form.choices import asked_of, kinds_offered
from wss.web.request_form.forms import FormContext, RequestForm
from wss.web.retry_times import time_to_wait


class ForWhom(ABC):
    """A connection for which something is asked, as one room of the site goes about it."""

    choice_page: ClassVar[str]
    form_page: ClassVar[str]
    check_page: ClassVar[str]
    # Whether the form speaks to the consumer, and not about them.
    is_self: ClassVar[bool]
    # Whether whoever fills the form in may know the connection: its bills, and whether what is typed fits them.
    is_known: ClassVar[bool] = True

    def __init__(self, connection: Connection, consumer_id: int | None, mobile: str | None) -> None:
        self.connection = connection
        # Nobody's, where no consumer has registered for the connection.
        self.consumer_id = consumer_id
        # Where the message about the request goes.
        self.mobile = mobile

    def kinds(self) -> dict[str, RequestKind]:
        """What can be asked for here, by code."""
        return kinds_offered(self.connection)

    def asked(self, kind: RequestKind) -> FormContext:
        """What the form of a kind offers."""
        return asked_of(self.connection, kind, self.consumer_id)

    def sends(self) -> str:
        """What the button of the form says."""
        return _("Check answers")

    def already(self) -> str:
        """Say that there is one of the kind, and what to do."""
        return _(
            "You have an open complaint of this kind. A second one is not needed: open it and add what is new."
        )

    def too_often(self, seconds: int) -> str:
        """Say that no more are registered today, and what to do."""
        return _(
            "No more complaints can be registered here today. What you filled in is kept: send it in %(time)s. "
            "To say more about an open complaint, open it. If it cannot wait, call 1912.",
            time=time_to_wait(seconds),
        )

    def begins_at(self, form: RequestForm) -> str:
        """The field at which the form wants to be begun; nothing where the reader looks around first."""
        return ""

    @abstractmethod
    def form_address(self, **wish: str) -> str:
        """The form; `request_type` and `request` say of which kind."""

    @abstractmethod
    def check_address(self) -> str:
        """Everything once more, before it is registered."""

    @abstractmethod
    def registered_address(self, complaint_no: str) -> str:
        """The complaint number, once there is one."""

    @abstractmethod
    def request_address(self, complaint_no: str) -> str | None:
        """Where a request that is registered already can be looked at; None where the room has no such page."""

    @abstractmethod
    def draft(self) -> DraftRow | None:
        """What has been filled in and not sent."""

    @abstractmethod
    def keep(self, filled: FilledForm) -> SavedDraft:
        """Keep what is filled in, complete or not."""

    @abstractmethod
    def keep_typed(self, typing: FormSnapshot) -> LimitResult:
        """Keep what is being filled in, unless what is kept is newer."""

    @abstractmethod
    def documents(self, saved: SavedDraft) -> list[RefusedDocument]:
        """Take the documents that were sent along, and take out what is to be removed."""
