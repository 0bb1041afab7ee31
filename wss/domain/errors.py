"""The errors of requests against the rules: codes, never sentences."""

import errno


class RuleBroken(Exception):
    """A broken rule; `code` names the rule, the web layer finds the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Malformed(RuleBroken):
    """A typed value that does not have the form of its kind (a number too short, a date that does not exist)."""


class NotFound(RuleBroken):
    """The object does not exist, or does not belong to the caller: the same answer for both."""

    def __init__(self, code: str = "not_found") -> None:
        super().__init__(code)


class Forbidden(RuleBroken):
    """The life cycle does not allow this action to this role now."""


class TooOften(RuleBroken):
    """So many of these are taken within a time, and no more; `retry_after` is the number of seconds to wait.

    The counts are undone with the rest of the transaction: what is refused here is counted nowhere.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_often")
        self.retry_after = retry_after


class Outdated(RuleBroken):
    """The displayed data has been changed by another person since."""

    def __init__(self, code: str = "outdated") -> None:
        super().__init__(code)


class StoreAway(OSError):
    """The store of documents cannot be used at the moment: its disk is not mounted, or does not answer."""

    def __init__(self, number: int | None = errno.ENODEV, reason: str | None = "it is not mounted") -> None:
        super().__init__(number, reason)


class MessageTextError(Exception):
    """A message text cannot be made: there is no template, or a value is missing or too long."""
