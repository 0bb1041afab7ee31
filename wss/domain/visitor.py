"""Who knocks, before anybody is known: the browser's session, its language, where it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """`session_hash` names the browser's session, `address` its network, `trusted` the consumers who signed in here."""

    session_hash: str
    address: str
    language: str
    browser: str = ""
    trusted: frozenset[int] = frozenset()
