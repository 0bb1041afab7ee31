"""Alerts and budget of a connection: which notices, by what, quiet hours, a budget, and a reading of today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, ValidationError

from wss import clock
from wss.domain import identifiers
from wss.domain.alerts import CHOSEN_KINDS, Budget
from wss.domain.errors import Malformed
from wss.domain.quiet_hours import QuietHours, shown_time, time_of_day
from wss.domain.typed_values import amount, reading
from wss.models import AlertChoice, Connection
from wss.queries.alerts import choice_of
from wss.queries.connections import visible_connection
from wss.services.alerts.choices import AlertWishes, save_choices
from wss.services.alerts.readings import next_bill_of, type_reading
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.blueprint import consumer
from wss.web.fields import PlainForm
from wss.web.labels.projections import OBSTACLES, PROJECTION_LABELS
from wss.web.pages import redirect_to, render
from wss.web.reading_form import ReadingForm

_USUAL = QuietHours()


class AlertsForm(PlainForm):
    """Which alerts, by what, when not, and a budget in rupees or in units."""

    bill_issued = BooleanField(_l("A new bill has come"))
    due_soon = BooleanField(_l("A bill must be paid within 3 days"))
    overdue = BooleanField(_l("The last day for a bill has passed"))
    unusual = BooleanField(_l("A bill is far above your usual"))
    by_sms = BooleanField(_l("By SMS"))
    by_email = BooleanField(_l("By e-mail"))
    quiet_from = StringField(_l("Quiet from"))
    quiet_to = StringField(_l("Quiet until"))
    budget_rupees = StringField(_l("Budget for a month in rupees"))
    budget_units = StringField(_l("Or in units"))

    def validate_by_sms(self, _field: BooleanField) -> None:
        """Require a way by which the chosen alerts can be sent."""
        if any(self[kind.value].data for kind in CHOSEN_KINDS) and not (
            self.by_sms.data or self.by_email.data
        ):
            raise ValidationError(_("Choose SMS or e-mail, or choose no alerts"))

    def validate_by_email(self, field: BooleanField) -> None:
        """Require an address for alerts by e-mail."""
        if field.data and not current_consumer().email:
            raise ValidationError(_("Add an e-mail address in Settings to get alerts by e-mail"))

    def validate_quiet_from(self, field: StringField) -> None:
        """Require a time of day."""
        self.start = _time(field, _USUAL.start)

    def validate_quiet_to(self, field: StringField) -> None:
        """Require a time of day."""
        self.end = _time(field, _USUAL.end)

    def validate_budget_rupees(self, field: StringField) -> None:
        """Allow an amount."""
        if (field.data or "").strip():
            self.paise = _parsed(amount, field, _("Enter the budget in rupees, like 1500"))

    def validate_budget_units(self, field: StringField) -> None:
        """Allow a number of units, unless the budget is given in rupees."""
        if not (field.data or "").strip():
            return
        if (self.budget_rupees.data or "").strip():
            raise ValidationError(_("Give the budget in rupees or in units. Empty one of the two."))
        self.units = _parsed(reading, field, _("Enter the budget in whole units, like 150"))
        if not self.units:
            raise ValidationError(_("Enter the budget in whole units, like 150"))

    def wishes(self) -> AlertWishes:
        """Return the choice of a valid form."""
        return AlertWishes(
            frozenset(kind for kind in CHOSEN_KINDS if self[kind.value].data),
            bool(self.by_sms.data),
            bool(self.by_email.data),
            QuietHours(self.start, self.end),
            Budget(self.units, self.paise),
        )

    start: int = _USUAL.start
    end: int = _USUAL.end
    units: int | None = None
    paise: int | None = None


@consumer.get("/account/<account_no>/alerts")
def alerts(account_no: str) -> Response:
    """Show the choice, and the next bill as projected from the last reading."""
    return _page(_own(account_no))


@consumer.post("/account/<account_no>/alerts")
def save_alerts(account_no: str) -> Response:
    """Store the choice."""
    own, form = _own(account_no), AlertsForm()
    if not form.validate():
        return _page(own, form=form, status=422)
    save_choices(current_actor(), own.account_no, form.wishes())
    return redirect_to("consumer.alerts", account_no=own.account_no, saved=1)


@consumer.post("/account/<account_no>/alerts/reading")
def save_reading(account_no: str) -> Response:
    """Store a reading of today, from which the next bill is projected."""
    own, form = _own(account_no), ReadingForm()
    if form.validate():
        obstacle = type_reading(current_actor(), own.account_no, form.value)
        if obstacle is None:
            return redirect_to("consumer.alerts", account_no=own.account_no, _anchor="next")
        form.reading.errors = (OBSTACLES[obstacle],)
    return _page(own, reading_form=form, status=422)


def _own(account_no: str) -> Connection:
    return visible_connection(current_actor(), identifiers.account_no(account_no), clock.now())


def _page(
    own: Connection,
    *,
    form: AlertsForm | None = None,
    reading_form: ReadingForm | None = None,
    status: int = 200,
) -> Response:
    choice = choice_of(current_consumer().id, own.account_no)
    return render(
        "consumer/alerts.html",
        status=status,
        connection=own,
        me=current_consumer(),
        form=form or _form_of(choice),
        reading_form=reading_form or ReadingForm(formdata=None),
        next_bill=next_bill_of(own.account_no, choice),
        saved="saved" in request.args and status == 200,
        **PROJECTION_LABELS,
    )


def _form_of(choice: AlertChoice | None) -> AlertsForm:
    """Return the form with the stored choice; nothing is chosen beforehand."""
    me = current_consumer()
    facts: dict[str, Any] = {kind.value: bool(getattr(choice, kind.value, False)) for kind in CHOSEN_KINDS}
    facts |= {"by_sms": me.sms_alerts, "by_email": me.email_alerts}
    facts["quiet_from"] = shown_time(choice.quiet_from if choice else _USUAL.start)
    facts["quiet_to"] = shown_time(choice.quiet_to if choice else _USUAL.end)
    if choice and choice.budget_paise is not None:
        facts["budget_rupees"] = f"{choice.budget_paise / 100:.2f}".removesuffix(".00")
    if choice and choice.budget_units is not None:
        facts["budget_units"] = str(choice.budget_units)
    return AlertsForm(formdata=None, data=facts)


def _time(field: StringField, otherwise: int) -> int:
    if not (field.data or "").strip():
        return otherwise
    return _parsed(time_of_day, field, _("Enter a time like 21:00"))


def _parsed(parse: Callable[[str], int], field: StringField, words: str) -> int:
    try:
        return parse(field.data or "")
    except Malformed as malformed:
        raise ValidationError(words) from malformed
