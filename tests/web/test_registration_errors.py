"""Errors of the registration form are shown at their field, in the reader's language."""

from typing import Any

import pytest

from tests.factories import Household, a_consumer, given
from tests.fixtures.registration import messages
from tests.fixtures.registration_pages import error_at, give_details, name_connection
from tests.fixtures.site import Visitor

LANGUAGES = ("hi", "en")
OWN = {"hi": "पासवर्ड", "en": "your own number or name"}
ADDRESS = "pooja.sharma@example.in"


def speak(visitor: Visitor, language: str) -> None:
    visitor.get(f"/?lang={language}")


@pytest.mark.parametrize(
    ("numbers", "field", "words"),
    [
        ({}, "account_no", {"hi": "खाता संख्या", "en": "Enter the account number, a bill number, or both"}),
        ({"account_no": "123"}, "account_no", {"hi": "10", "en": "10 (urban) or 12 (rural)"}),
        ({"account_no": "79507619ab"}, "account_no", {"hi": "अंक", "en": "only digits"}),
        ({"bill_no": "1" * 21}, "bill_no", {"hi": "20", "en": "20 characters or fewer"}),
        ({"bill_no": "12/34"}, "bill_no", {"hi": "अक्षर", "en": "only letters and digits"}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_in_step_one_is_shown_at_its_field(
    visitor: Visitor,
    home: Household,
    language: str,
    numbers: dict[str, str],
    field: str,
    words: dict[str, str],
):
    speak(visitor, language)

    page = name_connection(visitor, **numbers)

    assert page.status == 422
    assert words[language] in error_at(page, field)
    assert page.find("error-summary") is not None and f"#{field}" in page.links


def test_an_error_page_says_so_in_its_title(visitor: Visitor, home: Household):
    speak(visitor, "en")

    assert name_connection(visitor, "123").title.startswith("Error: ")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"mobile": "12345"}, "mobile", {"hi": "मोबाइल", "en": "10-digit"}),
        ({"mobile": "0522 2140891"}, "mobile", {"hi": "लैंडलाइन", "en": "landline"}),
        ({"mobile": ""}, "mobile", {"hi": "मोबाइल", "en": "Enter your mobile number"}),
        ({"email": "not an address"}, "email", {"hi": "ई-मेल", "en": "in the correct format"}),
        ({"email_alerts": "1"}, "email", {"hi": "ई-मेल", "en": "get alerts by e-mail"}),
        ({"user_name": "1pooja"}, "user_name", {"hi": "अक्षर", "en": "Begin the user name with a letter"}),
        ({"user_name": "abc"}, "user_name", {"hi": "4", "en": "4 to 30 characters"}),
        ({"password": "short"}, "password", {"hi": "10", "en": "at least 10 characters"}),
        ({"password": "1234567890"}, "password", {"hi": "पासवर्ड", "en": "too easy to guess"}),
        ({"password": "7950761921"}, "password", OWN),
        ({"email": ADDRESS, "password": ADDRESS}, "password", OWN),
        (
            {"password_again": "Seven blue lamps"},
            "password_again",
            {"hi": "पासवर्ड", "en": "Passwords do not match"},
        ),
        ({"accept_terms": None}, "accept_terms", {"hi": "शर्त", "en": "accept the terms"}),
        ({"accept_privacy": None}, "accept_privacy", {"hi": "गोपनीयता", "en": "privacy notice"}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_in_step_two_is_shown_at_its_field(
    visitor: Visitor,
    home: Household,
    language: str,
    fields: dict[str, Any],
    field: str,
    words: dict[str, str],
):
    speak(visitor, language)
    name_connection(visitor, home.account_no, home.bill_no)

    page = give_details(visitor, **fields)

    assert page.status == 422
    assert words[language] in error_at(page, field)
    assert f"#{field}" in page.links
    assert messages() == []


def test_a_taken_user_name_is_shown_at_its_field(visitor: Visitor, home: Household):
    given(a_consumer(user_name="pooja"))
    name_connection(visitor, home.account_no, home.bill_no)

    page = give_details(visitor, user_name="Pooja")

    assert page.status == 422 and error_at(page, "user_name")


def test_an_empty_step_two_shows_every_error_in_one_round(visitor: Visitor, home: Household):
    speak(visitor, "en")
    name_connection(visitor, home.account_no, home.bill_no)

    page = give_details(visitor, mobile="", accept_terms=None, accept_privacy=None)

    assert "Enter your mobile number" in error_at(page, "mobile")
    assert {"#mobile", "#accept_terms", "#accept_privacy"} <= set(page.links)
