"""The controls that keep an extract from taking away what protects a connection."""

from datetime import timedelta

from tests.project import switches
from tests.project.switches import Control

LOSSES = "tests/services/reference/test_losses.py"

CONTROLS_OF_EXTRACTS = (
    Control(
        2,
        "a former number protects",
        switches.set_to("wss.domain.ownership.FORMER_MOBILE_PROTECTS", timedelta(0)),
        f"{LOSSES}::test_a_number_that_went_goes_on_protecting_its_connection",
    ),
    Control(
        2,
        "an unreadable cell keeps the known value",
        switches.set_to("wss.queries.losses.keep_known", lambda _table: None),
        f"{LOSSES}::test_a_mobile_that_cannot_be_read_leaves_the_known_one",
    ),
    Control(
        2,
        "a damaged column stops a file",
        switches.set_to("wss.services.reference._losses.is_unusual", lambda *_counts: False),
        f"{LOSSES}::test_a_damaged_column_stops_before_anything_is_written",
    ),
)
