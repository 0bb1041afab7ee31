"""The words of the approval queue: suggestions, and what became of each proposal that was approved with others."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.queries.approvals import WaitingProposal
from wss.services.revisions.batches import APPROVED, SAMPLED
from wss.services.revisions.suggestions import CHANGED, TAKEN
from wss.web.labels.officer import BARRED
from wss.web.labels.suggestions import VERDICTS

# Why a proposal cannot be approved with others, or was not; by its code.
OUTCOMES: dict[str, LazyString] = {
    **BARRED,
    APPROVED: _l("Approved. The consumer has been told."),
    SAMPLED: _l("Drawn by chance for a check: it is now with the EE."),
    "": _l("Not decided: the work was interrupted. Choose it again."),
    "figures_changed": _l("The figures have changed since you looked. Open it and check them."),
    "already_decided": _l("It is no longer waiting: it was decided or withdrawn."),
    "outdated": _l("Another officer worked on it at the same time. Open it and check it."),
    "not_found": _l("There is no such proposal in your offices."),
    "not_opened": _l("You have not opened it. Open it and check the figures."),
    "not_as_suggested": _l("The figures are not those of the suggestion. Decide it individually."),
    "no_photo": _l("It has no photo. Decide it individually."),
    "maker_senior": _l("Only proposals of billing clerks can be approved together. Decide it individually."),
    "no_ee": _l("No EE is in post who could check a sample. Decide it individually."),
    "batch_off": _l("Your discom has not switched on approving together. Decide it individually."),
    "batch_each": _l("The amount is above the limit for approving together. Decide it individually."),
    "batch_office": _l("The office’s sum for today is used up. Decide it individually, or tomorrow."),
    "batch_maker": _l(
        "Today’s sum for proposals of this maker is used up. Decide it individually, or tomorrow."
    ),
}
_VERDICTS: dict[str, LazyString] = {verdict.value: words for verdict, words in VERDICTS.items()}
ALREADY_DECIDED = OUTCOMES["already_decided"]


def outcome_words(code: str) -> LazyString:
    """Return what became of an item of a batch, in words."""
    return OUTCOMES.get(code, BARRED["step_not_allowed"])


def suggestion_words(one: WaitingProposal) -> tuple[str, str, str]:
    """Return whether a proposal has the suggested figures, the verdict, and the tone of the first."""
    verdict = _VERDICTS.get(one.suggestion, "")
    if one.suggestion_outcome == TAKEN:
        return _("equal to the suggestion"), str(verdict), "end"
    if one.suggestion_outcome == CHANGED:
        return _("differs from the suggestion"), str(verdict), "late"
    return _("no suggestion"), "", "end"
