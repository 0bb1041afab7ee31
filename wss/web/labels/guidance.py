"""Guidance for consumers on forms and bills: paying during a complaint, documents that help, silence."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.interim_sum import InterimSum
from wss.domain.lifecycle import CONFIRM_DAYS, REOPEN_WITHIN, Closing
from wss.queries.reference import Reference
from wss.services.requests.interim_sums import interim_sum_for
from wss.web import filters
from wss.web.language import page_language


@dataclass(frozen=True, slots=True)
class PaymentRule:
    """What consumers read about paying a disputed bill: the discom's text, the sum until the decision with what it is
    from, and the address of the page to pay on (empty: none)."""

    text: str
    interim: str = ""
    basis: str = ""
    address: str = ""


def payment_rule(
    tables: Reference, office_code: str, account_no: str = "", bill_nos: Sequence[str] = ()
) -> PaymentRule:
    """Return what the discom above an office says about paying a disputed bill.

    Without a rule of the discom it is a sentence that claims nothing of law. A sum is named only for given bills.
    """
    discom = tables.discom(office_code)
    is_hindi = page_language() == "hi"
    rule = "" if discom is None else discom.payment_rule_hi if is_hindi else discom.payment_rule
    text = rule or _(
        "A complaint does not change the due date of your bill. If you are not sure how much to pay, call 1912."
    )
    address = current_app.extensions["wss"].config.payment_url
    if discom is None or not discom.interim_on or not bill_nos:
        return PaymentRule(text, address=address)
    found = interim_sum_for(tables, office_code, account_no, bill_nos)
    if found is None:
        words = _(
            "How much you can pay until the decision cannot be computed: too few earlier bills are known. Call 1912."
        )
        return PaymentRule(text, words, address=address)
    basis = _(
        "Average of the %(months)s months before: %(monthly)s a month. Rule: %(source)s.",
        months=discom.interim_months,
        monthly=_unbroken(found.monthly_paise),
        source=discom.interim_source_hi if is_hindi else discom.interim_source,
    )
    return PaymentRule(text, interim_words(found), basis, address)


def interim_words(found: InterimSum) -> str:
    """Return how much a consumer has to pay on disputed bills until the decision."""
    if not found.to_pay_paise:
        return _(
            "You have paid %(paid)s. You need to pay nothing more on the disputed bill until the decision.",
            paid=_unbroken(found.paid_paise),
        )
    words = _(
        "Until the decision you can pay %(sum)s instead of %(claimed)s.",
        sum=_unbroken(found.sum_paise),
        claimed=_unbroken(found.claimed_paise),
    )
    if not found.is_less:
        words = _(
            "The disputed amount, %(sum)s, is not more than your average: pay it by the due date.",
            sum=_unbroken(found.sum_paise),
        )
    if not found.paid_paise:
        return words
    return words + " " + _("Of this you still have to pay %(left)s.", left=_unbroken(found.to_pay_paise))


def payment_rule_of(
    tables: Reference,
    kind: RequestKind | None,
    office_code: str,
    account_no: str = "",
    bill_nos: Sequence[str] = (),
) -> PaymentRule | None:
    """Return the same for a request of a kind; None for one that is not about bills."""
    if kind is None or not kind.is_about_bills:
        return None
    return payment_rule(tables, office_code, account_no, bill_nos)


def _unbroken(paise: int) -> str:
    """Return an amount that no line break divides."""
    return filters.rupees(paise).replace(" ", "\u00a0")


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
        return _("If you do not answer, it stays open.")
    return _(
        "If you do not reply within %(days)s days, we close it. You can reopen it for %(more)s days after that.",
        days=CONFIRM_DAYS,
        more=reopening_days(),
    )


def reopening_days() -> int:
    """Return for how many days a complaint can be reopened that was closed without a reply."""
    return REOPEN_WITHIN[Closing.UNCONFIRMED].days
