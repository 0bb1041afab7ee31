"""The captcha before logging in: a small sum, and the check of the typed answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from wss.domain.identifiers import normalise_digits
from wss.domain.typed_values import whole_number

PLUS = "+"
MINUS = "-"
DIGITS = range(10)
GREATEST_ANSWER = 18

_SUM = re.compile(r"([0-9])([+-])([0-9])")
_ANSWER_DIGITS = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CaptchaAnswer:
    """A captcha and the typed answer; empty if no captcha was required."""

    captcha_id: str = ""
    captcha: str = ""


UNASKED = CaptchaAnswer()


class RandomSource(Protocol):
    """A source of randomness: random.SystemRandom() in the service, a seeded random.Random in a test."""

    def choice(self, seq: Sequence[T], /) -> T:
        """Return one of the items, each with the same probability."""
        ...


@dataclass(frozen=True)
class CaptchaSum:
    """Two single digits and the operator between them."""

    left: int
    sign: str
    right: int

    @property
    def answer(self) -> int:
        """Return the correct answer."""
        return self.left + self.right if self.sign == PLUS else self.left - self.right

    @property
    def text(self) -> str:
        """Return the sum as it is drawn and stored, such as 8+7."""
        return f"{self.left}{self.sign}{self.right}"


def all_sums() -> list[CaptchaSum]:
    """Return every sum that can be asked; no answer is negative."""
    sums = [CaptchaSum(left, sign, right) for left in DIGITS for sign in (PLUS, MINUS) for right in DIGITS]
    return [each for each in sums if each.answer >= 0]


def new_sum(chance: RandomSource) -> CaptchaSum:
    """Return a sum whose answer is as likely as any other, so that a guess succeeds once in nineteen at best."""
    answer = chance.choice(range(GREATEST_ANSWER + 1))
    return chance.choice([each for each in all_sums() if each.answer == answer])


def sum_of(text: str) -> CaptchaSum:
    """Return the sum that was stored as its text."""
    match = _SUM.fullmatch(text)
    if match is None:
        raise ValueError("not a sum")
    left, sign, right = match.groups()
    return CaptchaSum(int(left), sign, int(right))


def is_right(asked: CaptchaSum, typed: str) -> bool:
    """Return whether the typed answer is right; spaces do not matter, and Devanagari digits are accepted."""
    return whole_number(normalise_digits(typed), _ANSWER_DIGITS) == asked.answer
