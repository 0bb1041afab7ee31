"""Tells the billing system of revised bills (contract, "Talking to gateways"); embedded, WSS itself keeps them."""

from typing import Any, Protocol
from urllib.parse import urlsplit

from wss.gateways.posting import accept, post_json

# Made now, or made before: the same id is the same revised bill.
_TAKEN = frozenset({200, 201})


class BillingSystem(Protocol):
    """Whoever has to know of a revised bill."""

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Tell of one; raises SendFailed."""


class EmbeddedBilling:
    """Without a billing system to tell: the revised bill is a row of the bills already."""

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Nobody else has to know."""


class HttpBilling:
    """The billing system behind an address; outside of development only at a public one, by https."""

    def __init__(self, url: str, token: str, *, only_public: bool = True) -> None:
        self.url = urlsplit(f"{url.rstrip('/')}/revisions")
        self.token = token
        self.only_public = only_public

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Post it; 400 and 422 are final, anything else is worth another try."""
        accept(post_json(self.url, self.token, payload, only_public=self.only_public), _TAKEN)
