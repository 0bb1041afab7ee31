"""The controls of what messages say and where letters go, how each is switched off, and the tests that must then turn
red."""

import ssl

from tests.project import switches
from tests.project.switches import Control

WORDING, ENCRYPTED = "tests/gateways/test_wording.py", "tests/gateways/test_smtp_encrypted.py"
UNSUBSCRIBE, BOUNCING = "tests/web/test_unsubscribe_link.py", "tests/services/messages/test_bounces.py"

CONTROLS_OF_LETTERS = (
    Control(
        25,
        "alerts are ended by their reader",
        switches.instead("wss.services.messages._unsubscribe_link.is_sent_to", lambda *_asked: True),
        f"{UNSUBSCRIBE}::test_nobody_ends_anothers_alerts",
    ),
    Control(
        26,
        "addresses of the site only",
        switches.instead("wss.gateways.message_texts.is_ours", lambda *_asked: True),
        f"{WORDING}::test_no_message_leads_anywhere_but_to_the_site",
    ),
    Control(
        47,
        "no alerts where letters come back",
        switches.instead("wss.services.messages.notices.alert_address", lambda consumer: consumer.email),
        f"{BOUNCING}::test_a_marked_address_gets_no_alerts",
    ),
    Control(
        60,
        "letters go to confirmed addresses",
        switches.instead("wss.services.messages.notices.confirmed_email", lambda consumer: consumer.email),
        "tests/services/messages/test_unconfirmed_addresses.py::test_alerts_begin_by_email_once_the_address_is_confirmed",
    ),
    Control(
        60,
        "values as long as operators take",
        switches.set_to("wss.gateways.message_texts.LONGEST_VALUE", 1_000),
        f"{WORDING}::test_a_value_longer_than_operators_take_is_told_and_not_sent",
    ),
    Control(
        60,
        "letters on an encrypted line",
        switches.set_to("wss.gateways.email.SmtpSender._encrypt", lambda *_asked: None),
        f"{ENCRYPTED}::test_over_a_network_nothing_is_sent_in_the_clear",
    ),
    Control(
        60,
        "a mail server proves who it is",
        switches.set_to("ssl.create_default_context", ssl._create_unverified_context),
        f"{ENCRYPTED}::test_a_server_with_the_certificate_of_another_gets_nothing",
    ),
)
