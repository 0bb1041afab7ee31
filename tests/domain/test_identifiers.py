"""The numbers that people type, in all the ways they type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain import identifiers
from wss.domain.errors import Malformed


def code_of(rule, text):
    with pytest.raises(Malformed) as caught:
        rule(text)
    return caught.value.code


ACCEPTED = {
    identifiers.account_no: [
        ("511820841163", "511820841163"),
        *((typed, "5118208411") for typed in ("5118208411", " 5118 2084 11 ", "5118-2084-11", "५११८२०८४११")),
        *(
            (typed, "5118208411")
            for typed in ("5118\u20112084\u00a011", "５１１８２０８４１１", "\u200b5118208411\ufeff")
        ),
    ],
    identifiers.bill_no: [(" s-3148 66248", "S314866248"), ("१०१०००००", "10100000")],
    identifiers.mobile: [
        ("9198765432", "9198765432"),
        ("9123456789", "9123456789"),
        *(
            (typed, "9876543210")
            for typed in ("9876543210", "+91 98765 43210", "919876543210", "09876543210")
        ),
        *((typed, "9876543210") for typed in ("+91-9876543210", "९८७६५४३२१०", "0091 9876543210")),
    ],
    identifiers.pincode: [("२२६ 001", "226001")],
    identifiers.user_name: [("Ram.Prasad", "ram.prasad"), ("सीता_1", "सीता_1"), ("abcd", "abcd")],
    identifiers.email: [(" Ram.P+x@Example.IN ", "Ram.P+x@example.in")],
    identifiers.complaint_no: [
        (typed, "10000000016") for typed in ("100 0000 0016", "१०० ०००० ००१६", "100-0000-0016")
    ],
}


@pytest.mark.parametrize(
    ("rule", "typed", "value"), [(rule, *row) for rule, rows in ACCEPTED.items() for row in rows]
)
def test_a_value_is_kept_in_its_one_form(rule, typed, value):
    assert rule(typed) == value


REFUSED = {
    identifiers.account_no: [
        ("12345", "account_no_length"),
        ("12345678901", "account_no_length"),
        ("51182084AB", "account_no_not_digits"),
        ("", "account_no_missing"),
        (" - ", "account_no_missing"),
        ("²118208411", "account_no_not_digits"),
    ],
    identifiers.bill_no: [
        ("", "bill_no_missing"),
        ("A" * 21, "bill_no_length"),
        ("A/1", "bill_no_characters"),
        ("क1", "bill_no_characters"),
    ],
    identifiers.mobile: [
        ("05224567890", "mobile_landline"),
        ("0522-2345678", "mobile_landline"),
        ("2345678", "mobile_landline"),
        ("5876543210", "mobile_landline"),
        ("98765", "mobile_length"),
        ("98765432101", "mobile_length"),
        ("not a number", "mobile_not_digits"),
        ("", "mobile_missing"),
    ],
    identifiers.user_name: [
        ("abc", "user_name_length"),
        ("a" * 31, "user_name_length"),
        ("1234567890", "user_name_first_letter"),
        ("_abc", "user_name_first_letter"),
        ("ram prasad", "user_name_characters"),
        ("ram@x", "user_name_characters"),
        ("  ", "user_name_missing"),
    ],
    identifiers.complaint_no: [
        ("10000000017", "complaint_no_check_digit"),
        ("1000000001", "complaint_no_length"),
        ("1000000001x", "complaint_no_not_digits"),
        ("", "complaint_no_missing"),
    ],
    identifiers.pincode: [("026001", "pincode_malformed"), ("22600", "pincode_malformed")],
}


@pytest.mark.parametrize(
    ("rule", "typed", "code"), [(rule, *row) for rule, rows in REFUSED.items() for row in rows]
)
def test_a_value_that_cannot_be_one_is_refused_with_the_reason(rule, typed, code):
    assert code_of(rule, typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "x",
        "x@y",
        "@example.in",
        "a b@example.in",
        "a..b@example.in",
        "a@exa mple.in",
        "a@example.in\nBcc: b@c.in",
        "x@" + "a" * 250 + ".in",
    ],
)
def test_what_is_not_an_email_address_is_refused(typed):
    assert code_of(identifiers.email, typed) == "email_malformed"


def test_the_check_digit_is_the_one_of_damms_thesis():
    assert identifiers.check_digit("572") == "4"
    assert identifiers.check_digit("1000000001") == "6"


def test_the_first_complaint_number_is_10000000016():
    assert identifiers.complaint_no_from(identifiers.FIRST_COMPLAINT_COUNTER) == "10000000016"


def test_a_complaint_number_is_shown_in_groups():
    assert identifiers.grouped_complaint_no("10000000016") == "100 0000 0016"


def test_every_wrong_digit_and_every_swap_of_neighbours_is_found():
    for number in range(1000):
        right = f"{number:03}" + identifiers.check_digit(f"{number:03}")
        wrong = {right[:at] + digit + right[at + 1 :] for at in range(4) for digit in "0123456789"}
        wrong |= {right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(3)}

        found = {each for each in wrong if identifiers.check_digit(each[:-1]) == each[-1]}

        assert found == {right}


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_a_rule(text):
    for rule in (
        identifiers.account_no,
        identifiers.bill_no,
        identifiers.mobile,
        identifiers.pincode,
        identifiers.user_name,
        identifiers.email,
        identifiers.complaint_no,
    ):
        try:
            kept = rule(text)
        except Malformed:
            continue
        assert rule(kept) == kept


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(text):
    once = identifiers.normalise_digits(text)

    assert identifiers.normalise_digits(once) == once
