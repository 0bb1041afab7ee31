"""The controls of what consumers send and others save, each with the tests that must turn red."""

from tests.project import switches
from tests.project.switches import Control

NAMES, MARKUP = "tests/domain/test_saved_names.py", "tests/gateways/test_sanitiser_markup.py"
PLACES, ATTACHING = (
    "tests/gateways/test_sanitiser_slots.py",
    "tests/services/requests/test_draft_documents.py",
)

CONTROLS_OF_FILES = (
    Control(
        30,
        "an hour's documents",
        switches.instead("wss.services.shared.rate_limits.fits", lambda *_counted: True),
        f"{ATTACHING}::test_beyond_an_hours_documents_none_is_worked_on_and_the_form_is_kept",
    ),
    Control(
        30,
        "one document of a sender at a time",
        switches.set_to("wss.gateways.sanitiser_slots.Places._is_free", lambda _self, _sender: True),
        f"{PLACES}::test_a_sender_at_work_leaves_the_other_place_to_others",
    ),
    Control(
        31,
        "no bytes that read as markup",
        switches.instead("wss.gateways.sanitiser_markup.reads_as_markup", lambda _content: False),
        f"{MARKUP}::test_pixels_that_spell_a_script_are_kept_as_a_jpeg",
    ),
    Control(
        34,
        "names that end as the file is",
        switches.instead("wss.domain.saved_names.saved_name", lambda name, _ending: name),
        f"{NAMES}::test_a_saved_name_is_short_and_has_no_sign_that_a_system_reads",
    ),
)
