"""The settings of the SMS gateways: what the second takes over from the first, and what production refuses."""

from dataclasses import dataclass
from typing import Any

from wss.setting_fields import SECRET_AT_LEAST


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The settings of one SMS gateway: `name` is shown to staff, sender and entity id are registered (TRAI DLT)."""

    name: str
    url: str
    token: str
    sender: str
    entity_id: str
    callback_secret: str


def gateways_of(config: Any) -> tuple[SmsSettings, ...]:
    """Return the SMS gateways in the order of use; the second inherits unset values from the first."""
    if config.sms_backend != "http":
        return ()
    first = SmsSettings(
        "sms1",
        config.sms_url,
        config.sms_token,
        config.sms_sender,
        config.sms_entity_id,
        config.sms_callback_secret,
    )
    if not config.sms2_url:
        return (first,)
    second = SmsSettings(
        "sms2",
        config.sms2_url,
        config.sms2_token or first.token,
        config.sms2_sender or first.sender,
        config.sms2_entity_id or first.entity_id,
        config.sms2_callback_secret or first.callback_secret,
    )
    return (first, second)


def sms_refusals(config: Any) -> list[str]:
    """Return why production must not send SMS with these settings."""
    if config.sms_backend == "console":
        return ["WSS_SMS_BACKEND=console only prints messages: a development part"]
    if config.sms_backend != "http" or not config.sms_url.startswith("https://") or not config.sms_token:
        return ["WSS_SMS_BACKEND=http needs WSS_SMS_URL (https://) and WSS_SMS_TOKEN"]
    reasons = []
    gateways = gateways_of(config)
    if not all(gateway.entity_id.strip() for gateway in gateways):
        reasons.append(
            "WSS_SMS_ENTITY_ID is missing: operators drop SMS without the id under which the sender is registered "
            "(TRAI DLT)"
        )
    if not all(gateway.sender.strip() for gateway in gateways):
        reasons.append("WSS_SMS_SENDER is empty: operators drop SMS without the registered header (TRAI DLT)")
    if config.sms2_url and not config.sms2_url.startswith("https://"):
        reasons.append("WSS_SMS2_URL must be an https:// address")
    if any(len(gateway.callback_secret) < SECRET_AT_LEAST for gateway in gateways):
        reasons.append(
            f"WSS_SMS_CALLBACK_SECRET is missing or weak: at least {SECRET_AT_LEAST} characters, "
            "or receipts could be forged"
        )
    return reasons
