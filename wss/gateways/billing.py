"""Gateways that send revised bills to the billing system. Without one (`embedded`), WSS itself stores the bills."""

from typing import Any, Protocol

from wss.gateways.http import HttpChannel, accept

# 201: created; 200: created before, as the same id is the same revised bill.
_ACCEPTED = frozenset({200, 201})


class BillingSystem(Protocol):
    """A receiver of revised bills."""

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Send a revised bill. Raises SendFailed."""


class EmbeddedBilling:
    """The gateway without a billing system: the revised bill is already a row of the bills."""

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Do nothing."""


class HttpBilling:
    """The billing system at an address; outside of development only at a public one, by HTTPS."""

    def __init__(self, url: str, token: str, *, only_public: bool = True) -> None:
        self._channel = HttpChannel(f"{url.rstrip('/')}/revisions", token, only_public=only_public)

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Post a revised bill. Raises SendFailed; 400 and 422 are final, anything else is retried."""
        accept(self._channel.post(payload).status, _ACCEPTED)
