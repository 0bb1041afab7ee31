"""The controls of what consumers send and others save, each with the tests that must turn red."""

from tests.project import switches
from tests.project.switches import Control
from wss.domain.rate_limits import LimitResult

NAMES, MARKUP = "tests/domain/test_saved_names.py", "tests/gateways/test_sanitiser_markup.py"
PLACES, ATTACHING = (
    "tests/gateways/test_sanitiser_places.py",
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
        switches.set_to("wss.gateways.sanitiser_slots.SanitiserSlots._is_free", lambda _self, _sender: True),
        f"{PLACES}::test_a_sender_at_work_leaves_the_other_place_to_others",
    ),
    Control(
        44,
        "an end to answers that are read too slowly",
        switches.set_to("wss.answer_socket.AnswerSocket.is_late", False),
        "tests/deploy/test_slow_readers.py::test_an_answer_is_read_at_the_rate_of_a_thin_line",
    ),
    Control(
        60,
        "no address in words that consumers read",
        switches.instead("wss.domain.shown_texts.shown_text_fault", lambda _text: None),
        "tests/domain/test_shown_texts.py::test_a_row_with_an_address_in_words_for_consumers_is_refused",
    ),
    Control(
        30,
        "an hour's sheets",
        switches.instead("wss.services.shared.rate_limits.spend", lambda *_counted: LimitResult(True, 1)),
        "tests/services/requests/test_printed_sheets.py::test_beyond_an_hours_sheets_none_is_drawn_for_this_consumer",
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
