"""Guidance for consumers on forms and bills: paying during a complaint, documents that help, silence."""

from flask_babel import gettext as _

from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.lifecycle import CONFIRM_DAYS, REOPEN_WITHIN, Closing
from wss.queries.reference import Reference
from wss.web.language import page_language


def payment_rule(tables: Reference, office_code: str) -> str:
    """Return what the discom above an office says about paying a disputed bill.

    Without a rule of the discom it is a sentence that claims nothing of law.
    """
    discom = tables.discom(office_code)
    rule = "" if discom is None else discom.payment_rule
    if discom is not None and page_language() == "hi":
        rule = discom.payment_rule_hi
    return rule or _(
        "A complaint does not change the due date of your bill. If you are not sure how much to pay, call 1912."
    )


def payment_rule_of(tables: Reference, kind: RequestKind | None, office_code: str) -> str:
    """Return the same for a request of a kind; empty for one that is not about bills."""
    return payment_rule(tables, office_code) if kind and kind.is_about_bills else ""


def documents_help(kind: RequestKind) -> list[str]:
    """Return which documents help with a request of this kind, and how to take a photo."""
    own = kind.documents_help_hi if page_language() == "hi" else kind.documents_help
    return [own, photo_help(kind)] if own else [photo_help(kind)]


def photo_help(kind: RequestKind) -> str:
    """Return how to take a photo that can be read: of the meter, if the form asks for its reading."""
    if RequestField.READING_KWH in kind.fields:
        return _(
            "Take the photo from close up and in good light: all digits and the meter number must be readable."
        )
    return _("Take the photo from close up and in good light: everything on it must be readable.")


def silence_words(*, closes: bool) -> str:
    """Return what happens to a resolved complaint if its consumer does not reply."""
    if not closes:
        return _("If you do not answer, the complaint stays open.")
    return _(
        "If you do not reply within %(days)s days, we close it. You can reopen it for %(more)s days after that.",
        days=CONFIRM_DAYS,
        more=reopening_days(),
    )


def reopening_days() -> int:
    """Return for how many days a complaint can be reopened that was closed without a reply."""
    return REOPEN_WITHIN[Closing.UNCONFIRMED].days
