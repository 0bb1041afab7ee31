"""The rules for passwords: not too short, too long, too common, or made of known facts about the person."""

from collections.abc import Collection, Iterable

# 10 to 128 characters, a block list, no rule about kinds of characters (ASVS 6.2.5;
# docs/specification.md#journey-1-registration).
SHORTEST = 10
LONGEST = 128
# The access that a staff login gives is worth a longer password.
STAFF_SHORTEST = 14
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_PROJECT_WORDS = ("uppcl", "wss", "bijli", "electricity", "password")
_LEFT_OVER = 4


def refusal(password: str, common: Collection[str], known: Iterable[str] = ()) -> str | None:
    """Return why a password is refused, as a code; None if it may be used.

    `common` are the most frequently tried passwords (lower case), `known` the facts that the login itself
    discloses: account number, bill number, mobile, user name, e-mail.
    """
    if len(password) < SHORTEST:
        return "password_too_short"
    if len(password) > LONGEST:
        return "password_too_long"
    plain = password.casefold()
    if plain in common or len(set(plain)) <= _LEFT_OVER or _is_run(plain):
        return "password_too_common"
    rest = plain
    for word in (*known, *_PROJECT_WORDS):
        if len(word) >= len("wss"):
            rest = rest.replace(word.casefold(), "")
    if rest != plain and len(rest) <= _LEFT_OVER:
        return "password_known_word"
    return None


def staff_refusal(password: str, common: Collection[str], known: Iterable[str] = ()) -> str | None:
    """Return why a password of staff is refused; it has to be longer."""
    return "staff_password_too_short" if len(password) < STAFF_SHORTEST else refusal(password, common, known)


def _is_run(plain: str) -> bool:
    """Return whether the keys are neighbours in a row, forwards or backwards."""
    return any(plain in run or plain in run[::-1] for run in _RUNS)
