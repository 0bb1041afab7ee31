"""A visitor who is not logged in: the browser's session, its language, and its network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor: the hash of the browser's session, the language, and the network.

    `session_hash` identifies the browser's session, `address` is its network, `trusted` the consumers who have
    logged in on this browser.
    """

    session_hash: str
    address: str
    language: str
    browser: str = ""
    trusted: frozenset[int] = frozenset()
