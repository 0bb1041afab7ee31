"""The pages through which a request is made: choice of the kind, form, check, complaint number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.catalogue import RequestKind
from wss.models import Connection
from wss.queries.reference import reference
from wss.web.labels.guidance import PaymentRule, payment_rule_of
from wss.web.labels.kinds import by_kind
from wss.web.request_form.choices import asked_of, asked_of_any
from wss.web.request_form.forms import BILL_NAMES, FormContext, RequestForm
from wss.web.retry_times import time_to_wait

_CHECK_ANSWERS = _l("Check answers")


@dataclass(frozen=True, slots=True)
class FormFlow:
    """The connection for which a request is made, its pages, and their wording.

    `consumer_id` is None if no consumer has registered for the connection; the SMS about the request goes to
    `mobile`. An address is `partial(url_for, endpoint, …)`; those of a request take `complaint_no`, and are None
    in a part of the site that has no such page. `is_for_caller`: the help-desk fills in the form, so it speaks
    about the consumer. `is_known` is False if nothing of the connection may be shown.
    """

    connection: Connection
    consumer_id: int | None
    mobile: str | None
    kinds: Mapping[str, RequestKind]
    form_page: str
    form_address: Callable[..., str]
    check_address: Callable[..., str]
    choice_page: str = ""
    check_page: str = ""
    registered_address: Callable[..., str] | None = None
    request_address: Callable[..., str] | None = None
    back_address: str = ""
    button: LazyString | str = _CHECK_ANSWERS
    is_for_caller: bool = False
    is_known: bool = True

    def asked(self, kind: RequestKind) -> FormContext:
        """Return what the form of a kind offers."""
        if not self.is_known:
            return asked_of_any(kind)
        return replace(asked_of(self.connection, kind, self.consumer_id), is_for_caller=self.is_for_caller)

    def payment_rule(self, kind: RequestKind, bill_nos: Sequence[str] = ()) -> PaymentRule | None:
        """Return the rule on paying the bills of a request; None for other requests.

        The form of a call has none: it is on the page that is read out, where the bills are known.
        """
        if not self.is_known or (self.is_for_caller and not bill_nos):
            return None
        own = self.connection
        return payment_rule_of(reference(), kind, own.subdivision_code, own.account_no, bill_nos)

    def already_open(self, kind: RequestKind) -> LazyString | str:
        """Return that a request of the kind is open, and what to do."""
        if self.is_for_caller:
            return _(
                "The consumer already has an open request of this kind. Record a reminder for it, or send a link for "
                "photos."
            )
        return by_kind(
            kind,
            _l(
                "You already have an open complaint of this kind. Open it. To add something, write it on paper and "
                "send a photo of it there."
            ),
            _l(
                "You already have an open request of this kind. Open it. To add something, write it on paper and send "
                "a photo of it there."
            ),
        )

    def too_often(self, seconds: int) -> str:
        """Return that no more can be registered today, until when, and what to do."""
        time = time_to_wait(seconds)
        if self.is_for_caller:
            return _(
                "1912 cannot register anything else for this connection today. The form is saved: register it "
                "in %(time)s, or ask the consumer to register it on the website.",
                time=time,
            )
        return _(
            "You cannot register anything else here today. Your form is saved: send it in %(time)s. "
            "To add to one that is open, open it. If it is urgent, call 1912.",
            time=time,
        )

    def first_field(self, form: RequestForm) -> str:
        """Return the field that gets the focus; empty for consumers, who look at the page first.

        The help-desk types immediately: with a bill chosen, into the field after the bills.
        """
        if not self.is_for_caller:
            return ""
        is_chosen = BILL_NAMES[0] in form and form[BILL_NAMES[0]].data
        names = [entry.name for entry in form]
        return next((name for name in names if not (is_chosen and name in BILL_NAMES)), "")
