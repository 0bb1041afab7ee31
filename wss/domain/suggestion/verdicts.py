"""The verdicts of suggestions, and what can become of one in a step of the office."""

from enum import StrEnum


class SuggestedVerdict(StrEnum):
    """What explains a disputed bill."""

    DIGITS_SWAPPED = "digits_swapped"
    PROVISIONAL = "provisional"
    READING_ABOVE = "reading_above"
    METER_REPLACED = "meter_replaced"
    PAYMENT_MISSING = "payment_missing"
    NOT_SURE = "not_sure"


class SuggestionOutcome(StrEnum):
    """What an officer did with a sure suggestion: proposed it, proposed other figures, or did something else."""

    TAKEN = "taken"
    CHANGED = "changed"
    OTHER = "other"
