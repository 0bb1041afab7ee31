"""Gateways to external systems, chosen once from the configuration."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wss.config import Config
from wss.domain.captcha import CaptchaSum
from wss.gateways.billing import BillingSystem, EmbeddedBilling, HttpBilling
from wss.gateways.captcha_audio import sound
from wss.gateways.captcha_image import picture
from wss.gateways.documents import DocumentStore, store_from_url
from wss.gateways.email import SmtpSender
from wss.gateways.http import OutboundRoute
from wss.gateways.relay import Relay
from wss.gateways.scanner import Scanner, scanner_from
from wss.gateways.senders import ConsoleSender, Sender
from wss.gateways.sms import HttpSmsSender, SmsAccount


@dataclass(frozen=True)
class Gateways:
    """Every gateway to an external system."""

    senders: dict[str, Sender]
    documents: DocumentStore
    scanner: Scanner
    billing: BillingSystem = field(default_factory=EmbeddedBilling)
    picture: Callable[[CaptchaSum, int], bytes] = picture
    sound: Callable[[CaptchaSum, str, int], bytes] = sound


def open_gateways(config: Config) -> Gateways:
    """Return the configured gateways; no connection is made yet."""
    console = ConsoleSender()
    return Gateways(
        {"sms": _sms(config) or console, "email": _email(config) or console},
        store_from_url(config.documents),
        scanner_from(config.clamd),
        _billing(config),
    )


def _sms(config: Config) -> Sender | None:
    if not config.sms_gateways:
        return None
    callback = f"{config.public_url}/gateway/sms/receipts"
    return Relay(
        [
            HttpSmsSender(
                each.url,
                SmsAccount(each.token, each.sender, each.entity_id, callback, bool(each.callback_secret)),
                each.name,
                _route(config),
            )
            for each in config.sms_gateways
        ]
    )


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


def _email(config: Config) -> Sender | None:
    if not config.smtp_url:
        return None
    return Relay([SmtpSender(config.smtp_url, config.smtp_from, config.public_url)])
