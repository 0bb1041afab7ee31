"""Gateways to external systems, chosen once from the configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from wss.config import Config
from wss.domain.captcha import CaptchaSum
from wss.gateways.billing import BillingSystem, EmbeddedBilling, HttpBilling
from wss.gateways.captcha_audio import sound
from wss.gateways.captcha_image import picture
from wss.gateways.documents import DocumentStore, store_from_url
from wss.gateways.email import SmtpSender
from wss.gateways.http import OutboundRoute
from wss.gateways.relay import Relay
from wss.gateways.scanner import Clamd, Scanner, scanner_from
from wss.gateways.senders import ConsoleSender, Sender
from wss.gateways.sms import HttpSmsSender, SmsAccount


class ExternalSystem(Protocol):
    """An external system to which a connection can be tried."""

    def check(self) -> None:
        """Connect and close again; nothing is sent. Raises an error that `connection_fault` explains."""


@dataclass(frozen=True)
class Gateways:
    """Every gateway to an external system."""

    senders: dict[str, Sender]
    documents: DocumentStore
    scanner: Scanner
    billing: BillingSystem = field(default_factory=EmbeddedBilling)
    picture: Callable[[CaptchaSum, int], bytes] = picture
    sound: Callable[[CaptchaSum, str, int], bytes] = sound
    # Try a connection to each external system that is configured.
    connection_checks: Mapping[str, Callable[[], None]] = field(default_factory=dict)


def open_gateways(config: Config) -> Gateways:
    """Return the configured gateways; no connection is made yet."""
    console = ConsoleSender()
    sms, mail = _sms(config), _email(config)
    scanner, billing = scanner_from(config.clamd), _billing(config)
    checked: dict[str, ExternalSystem] = {
        **{f"SMS gateway {each.name}": each for each in sms},
        **({"mail server": mail} if mail else {}),
        **({"virus scanner": scanner} if isinstance(scanner, Clamd) else {}),
        **({"billing system": billing} if isinstance(billing, HttpBilling) else {}),
    }
    return Gateways(
        {"sms": Relay(sms) if sms else console, "email": Relay([mail]) if mail else console},
        store_from_url(config.documents),
        scanner,
        billing,
        connection_checks={name: each.check for name, each in checked.items()},
    )


def _sms(config: Config) -> list[HttpSmsSender]:
    callback = f"{config.public_url}/gateway/sms/receipts"
    return [
        HttpSmsSender(
            each.url,
            SmsAccount(each.token, each.sender, each.entity_id, callback, bool(each.callback_secret)),
            each.name,
            _route(config),
        )
        for each in config.sms_gateways
    ]


def _billing(config: Config) -> BillingSystem:
    if config.billing_backend != "http":
        return EmbeddedBilling()
    return HttpBilling(
        config.billing_url,
        config.billing_token,
        only_public=not config.is_development,
        route=_route(config),
    )


def _route(config: Config) -> OutboundRoute:
    return OutboundRoute(config.private_hosts, config.outbound_proxy)


def _email(config: Config) -> SmtpSender | None:
    return SmtpSender(config.smtp_url, config.smtp_from, config.public_url) if config.smtp_url else None
