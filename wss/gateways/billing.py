"""Gateways that send revised and generated bills to the billing system.

Without one (`embedded`), WSS itself stores the bills.
"""

from typing import Any, Protocol

from wss.gateways.http import DIRECT, HttpChannel, OutboundRoute, accept

# 201: created; 200: created before, as the same id is the same revised bill.
_ACCEPTED = frozenset({200, 201})


class BillingSystem(Protocol):
    """A receiver of revised bills, and of those that consumers generate."""

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Send a revised bill. Raises SendFailed."""

    def take_generated(self, payload: dict[str, Any]) -> None:
        """Send a bill that a consumer has generated. Raises SendFailed."""


class EmbeddedBilling:
    """The gateway without a billing system: the revised bill is already a row of the bills."""

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Do nothing."""

    def take_generated(self, payload: dict[str, Any]) -> None:
        """Do nothing."""


class HttpBilling:
    """The billing system at an address; outside of development by HTTPS, at a public one or one of the operator's."""

    def __init__(
        self, url: str, token: str, *, only_public: bool = True, route: OutboundRoute = DIRECT
    ) -> None:
        self._revisions, self._generated = (
            HttpChannel(f"{url.rstrip('/')}/{name}", token, only_public=only_public, route=route)
            for name in ("revisions", "self-bills")
        )

    def take_revision(self, payload: dict[str, Any]) -> None:
        """Post a revised bill. Raises SendFailed; 400 and 422 are final, anything else is retried."""
        accept(self._revisions.post(payload).status, _ACCEPTED)

    def take_generated(self, payload: dict[str, Any]) -> None:
        """Post a generated bill. Raises SendFailed as above."""
        accept(self._generated.post(payload).status, _ACCEPTED)

    def check(self) -> None:
        """Connect to the billing system; no bill is sent. Raises OSError."""
        self._revisions.check()
