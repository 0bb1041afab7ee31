"""Which passwords are refused: too short, too long, too common, or made of what everybody knows about the person."""

from collections.abc import Collection, Iterable

# 10 to 128 characters, a block list, no rule about kinds of characters (ASVS 6.2.5;
# docs/specification.md#journey-1-registration).
SHORTEST = 10
LONGEST = 128
# What an office can do with an account is worth a longer one.
STAFF_SHORTEST = 14
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_HOUSE_WORDS = ("uppcl", "wss", "bijli", "electricity", "password")
_LEFT_OVER = 4


def refusal(password: str, common: Collection[str], known: Iterable[str] = ()) -> str | None:
    """Why a password is refused, as a code; None when it may be used.

    `common` are passwords that are tried first (lower case), `known` what the sign-in itself tells: account number,
    bill number, mobile, user name, e-mail.
    """
    if len(password) < SHORTEST:
        return "password_too_short"
    if len(password) > LONGEST:
        return "password_too_long"
    plain = password.casefold()
    if plain in common or len(set(plain)) <= _LEFT_OVER or _is_run(plain):
        return "password_too_common"
    rest = plain
    for word in (*known, *_HOUSE_WORDS):
        if len(word) >= len("wss"):
            rest = rest.replace(word.casefold(), "")
    if rest != plain and len(rest) <= _LEFT_OVER:
        return "password_known_word"
    return None


def staff_refusal(password: str, common: Collection[str], known: Iterable[str] = ()) -> str | None:
    """The same for staff, who need a longer one."""
    return "staff_password_too_short" if len(password) < STAFF_SHORTEST else refusal(password, common, known)


def _is_run(plain: str) -> bool:
    """Keys in a row, forwards or backwards."""
    return any(plain in run or plain in run[::-1] for run in _RUNS)
