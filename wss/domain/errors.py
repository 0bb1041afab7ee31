"""What can be wrong with what somebody asks for: codes, never sentences."""


class RuleBroken(Exception):
    """Something asked for is against a rule; `code` names the rule, the web finds the words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Malformed(RuleBroken):
    """A typed value that has not the shape of its kind (a number too short, a date that does not exist)."""


class NotFound(RuleBroken):
    """The thing does not exist, or is not the asker's: one and the same answer."""

    def __init__(self, code: str = "not_found") -> None:
        super().__init__(code)


class Forbidden(RuleBroken):
    """The life cycle does not allow this step to this role now."""


class TooOften(RuleBroken):
    """So many of these are taken within a time, and no more; `retry_after` is the number of seconds to wait.

    The counts are undone with the rest of the transaction: what is refused here is counted nowhere.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_often")
        self.retry_after = retry_after


class Outdated(RuleBroken):
    """Somebody was faster: what was shown has changed meanwhile."""

    def __init__(self, code: str = "outdated") -> None:
        super().__init__(code)


class MessageTextError(Exception):
    """A message cannot be worded: it has no template, or a value is missing or too long."""
