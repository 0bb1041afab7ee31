"""The words of the request form: labels, hints, and what to do about an entry that is missing or wrong."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.catalogue import RequestField
from wss.domain.self_check import SelfCheckCode
from wss.domain.uploads import Refusal, RefusedDocument
from wss.web.fields import MESSAGES

LABELS = {
    RequestField.BILL_NO: _l("Which bill is wrong?"),
    RequestField.REASON: _l("What is wrong?"),
    RequestField.READING_KWH: _l("Reading on the meter now (kWh)"),
    RequestField.READING_KVAH: _l("Reading on the meter now (kVAh)"),
    RequestField.DEMAND_KVA: _l("Demand on the meter now (kVA)"),
    RequestField.PAID_AMOUNT: _l("Amount paid (₹)"),
    RequestField.PAID_ON: _l("Paid on"),
    RequestField.NEW_NAME: _l("New name"),
    RequestField.NEW_ADDRESS: _l("New address"),
    RequestField.PINCODE: _l("PIN code"),
    RequestField.NEW_LOAD_KW: _l("Load wanted (kW)"),
    RequestField.NEW_CATEGORY: _l("Category wanted"),
    RequestField.REMARKS: _l("Anything else"),
    RequestField.DOCUMENTS: _l("Photos or documents"),
}
# Where the answer is told again, a question would read oddly.
SHORT = {RequestField.BILL_NO: _l("Bill")}
HINTS = {
    RequestField.BILL_NO: _l("Choose one or more"),
    RequestField.READING_KWH: _l("All digits the meter shows, without those after the point"),
    RequestField.READING_KVAH: _l("All digits the meter shows, without those after the point"),
    RequestField.DEMAND_KVA: _l("For example 12.5"),
    RequestField.PAID_AMOUNT: _l("For example 5740.35"),
    RequestField.PAID_ON: _l("For example 18-11-2026"),
    RequestField.NEW_NAME: _l("As it is to stand on the bill"),
    RequestField.NEW_LOAD_KW: _l("For example 4"),
    RequestField.REMARKS: _l("Up to 1,000 characters"),
}
NUMERIC = {
    RequestField.READING_KWH: "numeric",
    RequestField.READING_KVAH: "numeric",
    RequestField.DEMAND_KVA: "decimal",
    RequestField.PAID_AMOUNT: "decimal",
    RequestField.PAID_ON: "numeric",
    RequestField.PINCODE: "numeric",
    RequestField.NEW_LOAD_KW: "decimal",
}
MISSING = {
    RequestField.BILL_NO: _l("Choose the bill that is wrong, or type its number"),
    RequestField.REASON: _l("Choose what is wrong"),
    RequestField.PAID_AMOUNT: _l("Enter the amount that you paid"),
    RequestField.PAID_ON: _l("Enter the day on which you paid"),
    RequestField.NEW_NAME: _l("Enter the new name"),
    RequestField.NEW_ADDRESS: _l("Enter the new address"),
    RequestField.PINCODE: _l("Enter the PIN code"),
    RequestField.NEW_LOAD_KW: _l("Enter the load that you want"),
    RequestField.NEW_CATEGORY: _l("Choose the category that you want"),
}
WRONG = {
    **MESSAGES,
    "reading_malformed": _l("A reading has digits only, 9 at most"),
    "amount_malformed": _l("Enter an amount in rupees, such as 5740.35"),
    "load_malformed": _l("Enter a load in kW, such as 4 or 7.5"),
    "demand_malformed": _l("Enter a demand in kVA, such as 12.5"),
    "number_negative": _l("Enter a number without a minus sign"),
    "day_malformed": _l("Enter a day as day, month and year: 18-11-2026"),
    "day_in_future": _l("This day has not come yet"),
    "day_long_ago": _l("This day is more than 10 years ago"),
    "text_missing": _l("Enter some words"),
    "text_malformed": _l("Enter some words with letters or digits"),
    "text_too_long": _l("This is too long: shorten it"),
    "not_offered": _l("Choose one from the list"),
}
REFUSED = {
    Refusal.EMPTY: _l("it is empty: choose it once more"),
    Refusal.TOO_LARGE: _l("it has more than 8 MB: send a smaller photo, or fewer pages"),
    Refusal.TOO_MANY: _l("more than 5 documents for one request: send the most important ones"),
    Refusal.UPLOAD_TOO_LARGE: _l("more than 24 MB at once: send them one after another"),
    Refusal.DAY_LIMIT: _l("more than 20 MB today: send it tomorrow"),
    Refusal.WRONG_KIND: _l(
        "it is not a JPEG, PNG or PDF. Take a photo or a screenshot of it, or save it as PDF"
    ),
    Refusal.DAMAGED: _l("it is damaged or did not come whole: send it once more, or send a photo of it"),
    Refusal.ENCRYPTED: _l(
        "it is locked by a password: open it, print it as PDF without a password, and send that; or send a photo of it"
    ),
    Refusal.TOO_MANY_PIXELS: _l(
        "the picture has too many pixels (a photo may have 200 megapixels, a PNG 25):"
        " take it at a smaller size, or send a screenshot of it"
    ),
    Refusal.TOO_MANY_PAGES: _l("it has more than 50 pages: send only those that matter"),
    Refusal.PDF_TOO_LARGE: _l("its pages together need more than 5 MB: send fewer pages at a time"),
    Refusal.UNSEEN: _l(
        "a part of it would not be seen by the office (entries of a form, notes, or letters whose font is not in the"
        " file). Print it as a new PDF, or send a photo or screenshot of it"
    ),
    Refusal.TOO_COMPLEX: _l("it could not be read: send a photo or screenshot of it"),
    Refusal.NO_ROOM: _l("it cannot be kept just now: send it again later"),
}
SIGHTS = {
    SelfCheckCode.READING_BELOW_BILL: _l(
        "The bill says %(billed)s, your meter %(now)s. A meter does not run backwards:"
        " the bill seems %(units)s units too high."
    ),
    SelfCheckCode.READING_ABOVE_BILL: _l(
        "The bill says %(billed)s, your meter %(now)s: %(units)s units more since the bill."
    ),
    SelfCheckCode.READING_AS_BILLED: _l("The bill and your meter both say %(billed)s."),
    SelfCheckCode.METER_READ: _l(
        "The bill says that the meter was read, at %(billed)s. Look at your meter:"
        " if it shows less, fill in its reading."
    ),
    SelfCheckCode.MINIMUM_CHARGE: _l(
        "This is the least that is charged for your load, even with few or no units. You can ask all the same."
    ),
    SelfCheckCode.WITHOUT_METER: _l(
        "This bill goes by the load, because no meter is entered. If you have a meter, send a photo of it."
    ),
    SelfCheckCode.ASSESSED: _l(
        "The meter counts as defective: the units are the average of three months, later a fixed number for each kW."
        " The meter has to be changed, then the bill can be revised."
    ),
    SelfCheckCode.OVER_CEILING: _l(
        "%(units)s units are unusually many for your load. The office will look at reading and load."
    ),
    SelfCheckCode.NOT_REACHED: _l(
        "The reader could not get to the meter, so this bill rests on an average."
        " The reading and a photo of the meter help most."
    ),
    SelfCheckCode.NOT_READ: _l(
        "This bill rests on an average, because the meter was not read. A photo of the meter helps most."
    ),
    SelfCheckCode.PROVISIONAL: _l(
        "This bill is provisional: an average, until the meter is read."
        " The reading and a photo of the meter put it right sooner."
    ),
    SelfCheckCode.FOUND_DEFECTIVE: _l(
        "The reader found the meter without display or burnt. It has to be changed; a photo of it helps."
    ),
    SelfCheckCode.READING_DOES_NOT_FIT: _l(
        "The reading was below the earlier one: a slip of the pen, or a meter that runs wrong."
        " A photo of the meter shows which."
    ),
    SelfCheckCode.SEEMS_DEFECTIVE: _l(
        "The reading has not changed since the bill before. If nobody lived there, say so;"
        " otherwise the meter may have stopped."
    ),
}


def words_of_refused(refused: Sequence[RefusedDocument]) -> list[str]:
    """Why documents were not taken, a sentence each."""
    return [
        _("%(name)s was not taken: %(why)s", name=each.label, why=REFUSED[each.refusal]) for each in refused
    ]
