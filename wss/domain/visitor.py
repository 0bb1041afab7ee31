"""A visitor who is not logged in: the browser's session, its language, and its network."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Visitor:
    """`session_hash` names the browser's session, `address` its network, `trusted` the consumers who signed in here,
    each with the id that this browser has among those known to them."""

    session_hash: str
    address: str
    language: str
    browser: str = ""
    trusted: Mapping[int, str] = field(default_factory=dict)
