"""The form of the calculator: one row of fields for each appliance, and the tariff that applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice

from wss.domain import typed_values
from wss.domain.appliance_use import ApplianceUse, category_network
from wss.domain.errors import Malformed
from wss.web.fields import PlainForm, add_error
from wss.web.labels.appliances import APPLIANCES
from wss.web.labels.bills import category_name, network_name
from wss.web.labels.requests import localized_name

NETWORKS = ("urban", "rural")
OTHER = "other"
MOST_ROWS = 20
_ROW = re.compile(r"(?:appliance|watts|hours|count)-([0-9]{1,2})")
# An example to change, so that a person sees what goes where; the numbers are no claim about any home.
EXAMPLE = (
    ("led_bulb", "6", "4"),
    ("ceiling_fan", "12", "2"),
    ("television", "4", "1"),
    ("refrigerator", "24", "1"),
)
_MESSAGES: dict[str, LazyString] = {
    "watts_malformed": _l("Enter the watts as a whole number, such as 75"),
    "hours_malformed": _l("Enter the hours a day, from 0 to 24, such as 6 or 0.5"),
    "count_malformed": _l("Enter how many there are as a whole number, such as 2"),
    "load_malformed": _l("Enter a load in kW, such as 4 or 7.5"),
}


class NumberField(StringField):
    """A text field for a number; `number` is the parsed one, None when nothing was typed."""

    def __init__(self, label: Any, parse: Callable[[str], int], **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.parse = parse
        self.number: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Parse the typed number; raises ValidationError with the words for what is wrong."""
        typed = (self.data or "").strip()
        if not typed:
            return
        try:
            self.number = self.parse(typed)
        except Malformed as malformed:
            raise ValidationError(
                _MESSAGES.get(malformed.code, _l("Enter a number without a minus sign"))
            ) from malformed


class CalculatorForm(PlainForm):
    """Network, category and load; the rows of appliances are fields of a subclass (`form_with_rows`)."""

    rows = 0

    def appliance_rows(self) -> list[tuple[Any, ...]]:
        """Return the fields of each row: appliance, hours, count, watts."""
        names = ("appliance", "hours", "count", "watts")
        return [tuple(self[f"{name}-{row}"] for name in names) for row in range(self.rows)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate every field, the category against the network, and that there is an appliance."""
        super().validate(extra_validators)
        if self.form_errors:
            return False
        self._check_tariff()
        for row in self.appliance_rows():
            _check_row(*row)
        if not self.errors and not self.uses():
            add_error(self["appliance-0"], _("Choose at least one appliance"))
        return not self.errors

    def _check_tariff(self) -> None:
        network, load = category_network(self["category"].data or ""), self["load_kw"]
        if network and network != self["network"].data:
            words = _(
                "This category is for the %(network)s network. Choose another.", network=network_name(network)
            )
            add_error(self["category"], words)
        if load.number is None and not load.errors:
            add_error(load, str(_MESSAGES["load_malformed"]))

    def uses(self) -> list[ApplianceUse]:
        """Return the appliances of all rows that name one or its watts."""
        return [
            ApplianceUse(
                appliance.data or OTHER,
                watts.number or APPLIANCES[appliance.data].watts,
                hours.number or 0,
                1 if count.number is None else count.number,
            )
            for appliance, hours, count, watts in self.appliance_rows()
            if appliance.data or watts.number
        ]


def _check_row(appliance: Any, hours: Any, _count: Any, watts: Any) -> None:
    """Require the watts of an appliance that is not in the list, and the hours of each."""
    if appliance.data == OTHER and watts.number is None and not watts.errors:
        add_error(watts, _("Enter the watts. They are on the label of the appliance."))
    if (appliance.data or watts.number) and hours.number is None and not hours.errors:
        add_error(hours, str(_MESSAGES["hours_malformed"]))


def rows_sent(sent: Mapping[str, Any], *, more: bool) -> int:
    """Return the number of rows of a form that was sent, with one more if that was asked for."""
    numbers = [int(found[1]) for name in sent if (found := _ROW.fullmatch(name))]
    return min(MOST_ROWS, max(numbers, default=0) + 1 + more)


def form_with_rows(rows: int, categories: list[str]) -> type[CalculatorForm]:
    """Return the form with so many rows, in the language of the reader."""
    fields: dict[str, Any] = {"rows": rows}
    appliances = _appliance_choices()
    for row in range(rows):
        fields |= {
            f"appliance-{row}": SelectField(_l("Appliance"), choices=appliances, default=""),
            f"hours-{row}": NumberField(_l("Hours a day"), typed_values.minutes_a_day),
            f"count-{row}": NumberField(_l("How many"), typed_values.count),
            f"watts-{row}": NumberField(_l("Watts"), typed_values.watts),
        }
    fields["network"] = SelectField(
        _l("Network"), choices=[SelectChoice(each, network_name(each)) for each in NETWORKS]
    )
    fields["category"] = SelectField(
        _l("Tariff category"),
        choices=[SelectChoice(code, category_name(code)) for code in categories]
        or [SelectChoice("", _("not on record"))],
    )
    fields["load_kw"] = NumberField(_l("Sanctioned load in kW"), typed_values.load)
    return type("CalculatorFormWithRows", (CalculatorForm,), fields)


def example_values() -> dict[str, str]:
    """Return the values of the rows of the example."""
    return {
        f"{name}-{row}": value
        for row, values in enumerate(EXAMPLE)
        for name, value in zip(("appliance", "hours", "count"), values, strict=True)
    }


def _appliance_choices() -> list[SelectChoice]:
    named = [
        SelectChoice(code, _("%(name)s, %(watts)s W", name=localized_name(one), watts=one.watts))
        for code, one in APPLIANCES.items()
    ]
    return [SelectChoice("", _("No appliance")), *named, SelectChoice(OTHER, _("Another appliance"))]
