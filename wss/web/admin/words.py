"""Names of the tables, and what is wrong with a row, in the reader's language."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.web.fields import MESSAGES

TABLES: dict[str, LazyString] = {
    "offices": _l("Offices"),
    "staff": _l("Staff"),
    "catalogue": _l("Kinds of request"),
    "reasons": _l("Reasons"),
    "escalation": _l("Escalation"),
    "holidays": _l("Holidays"),
    "forums": _l("Consumer forums"),
    "tariff": _l("Tariff"),
    "limits": _l("Limits for approving"),
    "texts": _l("Texts of messages"),
}

# The codes of the row rules, beside those that forms know as well.
_CODES: dict[str, LazyString] = {
    "missing": _l("nothing is given"),
    "too_long": _l("longer than the field"),
    "not_text": _l("not UTF-8 text"),
    "blank_in_code": _l("a code has no blanks"),
    "sign_in_code": _l("the code of an office has neither / nor *"),
    "wrong_number_of_columns": _l("the row has not as many columns as the header"),
    "column_missing": _l("the header has not this column"),
    "column_twice": _l("the header has a column twice"),
    "not_a_whole_number": _l("not a whole number"),
    "not_a_number": _l("not a number"),
    "not_an_amount": _l("not an amount in rupees (1234.50, no thousands commas)"),
    "negative_amount": _l("cannot be negative"),
    "beyond_reason": _l("beyond reason"),
    "not_a_date": _l("not a date that exists (YYYY-MM-DD)"),
    "not_yes_or_no": _l("neither yes nor no"),
    "before_slab_from": _l("the slab ends before it begins"),
    "its_own_parent": _l("an office cannot be its own parent"),
    "discom_has_no_parent": _l("a discom has no parent"),
    "not_below_its_parent": _l("not the level right below its parent's"),
    "twice_in_file": _l("an earlier row of the file has it already"),
    "unknown_office": _l("there is no such office"),
    "unknown_kind": _l("there is no such kind of request"),
    "unknown_level": _l("there is no such level"),
    "unknown_role": _l("there is no such role"),
    "unknown_field": _l("there is no such field"),
    "unknown_network": _l("neither urban nor rural"),
    "unknown_component": _l("there is no such part of a bill"),
    "unknown_unit": _l("not the unit in which this is reckoned"),
    "unknown_proration": _l("neither whole_month nor days_30 nor by_days"),
    "unknown_notice": _l("there is no such notice"),
    "unknown_language": _l("neither hi nor en"),
    "unknown_part": _l("neither sms nor subject nor body"),
    "no_such_text": _l("this notice has no such text"),
    "other_values": _l("the text has to take the same values {#…#} as the house's own"),
    "foreign_address": _l(
        "an address in it leads elsewhere: addresses begin with {#site#} or are a link that is given"
    ),
    "too_much_varies": _l("more than 40 % of the SMS could vary, so it cannot be registered"),
    "only_for_sms": _l("only the text of an SMS has one"),
    "not_one_line": _l("this has to be one line"),
    "file_too_large": _l("the file is larger than 1 MB"),
    "new_rows_stay": _l("Rows that are new cannot be taken out again: requests may name them"),
    "no_administrator_left": _l("Nobody would be left who may change tables"),
    "outdated": _l("Rows of this change have been changed again since"),
}


def table_name(table: str) -> str:
    """What a table is called."""
    return str(TABLES[table])


def finding_in_words(column: str, code: str) -> str:
    """What is wrong, with the column when it is in one. A code without words is told as it is."""
    words = _CODES.get(code) or MESSAGES.get(code) or code.replace("_", " ")
    return f"{column}: {words}" if column else str(words)
