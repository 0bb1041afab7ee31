"""Every setting of the site: its name in the environment, its default and its meaning."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SECRET_AT_LEAST = 32


class ConfigError(Exception):
    """The environment asks for something that must not be; the text says which setting and why."""


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """How one SMS gateway is reached: `name` is what staff read, sender and entity id are registered (TRAI DLT)."""

    name: str
    url: str
    token: str
    sender: str
    entity_id: str
    callback_secret: str


@dataclass(frozen=True)
class Config:
    """What the environment decides. README's table says the same in words."""

    env: str = "production"
    secret_key: str = ""
    instance: Path = Path("instance")
    database_url: str = ""
    public_url: str = "http://127.0.0.1:5000"
    # None: not set, which is not the same as set to 0.
    trusted_proxies: int | None = None
    sms_backend: str = "console"
    sms_url: str = ""
    sms_token: str = ""
    sms_sender: str = "WSSUPC"
    sms_entity_id: str = ""
    sms_callback_secret: str = ""
    sms2_url: str = ""
    sms2_token: str = ""
    sms2_sender: str = ""
    sms2_entity_id: str = ""
    sms2_callback_secret: str = ""
    smtp_url: str = ""
    smtp_from: str = "wss@localhost"
    documents_url: str = ""
    clamd: str = ""
    billing_backend: str = "embedded"
    billing_url: str = ""
    billing_token: str = ""
    metrics_token: str = ""
    close_on_silence: bool = False
    demo: bool = True
    port: int = 5000
    trusted_hosts: tuple[str, ...] = field(default=())
    unknown: tuple[str, ...] = field(default=())

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """The settings of this process; raises ConfigError for a value of the wrong shape."""
        asked: set[str] = set()

        def get(name: str, otherwise: str) -> str:
            asked.add(name)
            return environ.get(name, otherwise)

        port = _number("PORT", get("PORT", "5000"))
        return cls(
            env=get("WSS_ENV", "production"),
            secret_key=get("WSS_SECRET_KEY", ""),
            instance=Path(get("WSS_INSTANCE", "instance")).resolve(),
            database_url=get("WSS_DATABASE_URL", ""),
            public_url=get("WSS_PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            trusted_proxies=_proxies(get("WSS_TRUSTED_PROXIES", "")),
            sms_backend=get("WSS_SMS_BACKEND", "console"),
            sms_url=get("WSS_SMS_URL", ""),
            sms_token=get("WSS_SMS_TOKEN", ""),
            sms_sender=get("WSS_SMS_SENDER", "WSSUPC"),
            sms_entity_id=get("WSS_SMS_ENTITY_ID", ""),
            sms_callback_secret=get("WSS_SMS_CALLBACK_SECRET", ""),
            sms2_url=get("WSS_SMS2_URL", ""),
            sms2_token=get("WSS_SMS2_TOKEN", ""),
            sms2_sender=get("WSS_SMS2_SENDER", ""),
            sms2_entity_id=get("WSS_SMS2_ENTITY_ID", ""),
            sms2_callback_secret=get("WSS_SMS2_CALLBACK_SECRET", ""),
            smtp_url=get("WSS_SMTP_URL", ""),
            smtp_from=get("WSS_SMTP_FROM", "wss@localhost"),
            documents_url=get("WSS_DOCUMENTS_URL", ""),
            clamd=get("WSS_CLAMD", ""),
            billing_backend=get("WSS_BILLING_BACKEND", "embedded"),
            billing_url=get("WSS_BILLING_URL", ""),
            billing_token=get("WSS_BILLING_TOKEN", ""),
            metrics_token=get("WSS_METRICS_TOKEN", ""),
            close_on_silence=get("WSS_CLOSE_ON_SILENCE", "0") == "1",
            demo=get("WSS_DEMO", "1") != "0",
            port=port,
            unknown=tuple(sorted(n for n in environ if n.startswith("WSS_") and n not in asked)),
        )

    @property
    def is_development(self) -> bool:
        """Whether the parts for trying (captcha answers, inbox) are on."""
        return self.env == "development"

    @property
    def is_https(self) -> bool:
        """Whether people reach the site by https."""
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address; without a wish, SQLite in the instance folder."""
        return self.database_url or f"sqlite:///{self.instance / 'wss.db'}"

    @property
    def documents(self) -> str:
        """Where documents are kept; without a wish, a folder in the instance folder."""
        return self.documents_url or (self.instance / "documents").as_uri()

    @property
    def sms_gateways(self) -> tuple[SmsSettings, ...]:
        """The SMS gateways in the order in which they are asked. What the second leaves out is as the first has it."""
        if self.sms_backend != "http":
            return ()
        first = SmsSettings(
            "sms1",
            self.sms_url,
            self.sms_token,
            self.sms_sender,
            self.sms_entity_id,
            self.sms_callback_secret,
        )
        if not self.sms2_url:
            return (first,)
        second = SmsSettings(
            "sms2",
            self.sms2_url,
            self.sms2_token or first.token,
            self.sms2_sender or first.sender,
            self.sms2_entity_id or first.entity_id,
            self.sms2_callback_secret or first.callback_secret,
        )
        return (first, second)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names this site answers to."""
        # Whoever tries the site types localhost as often as 127.0.0.1.
        loopback = ("127.0.0.1", "localhost") if self.is_development else ()
        return (urlsplit(self.public_url).hostname or "localhost", *loopback, *self.trusted_hosts)

    def refusals(self) -> list[str]:
        """Why this configuration must not serve people; empty when it may."""
        if self.is_development:
            host = self.hosts[0]
            local = host in ("127.0.0.1", "localhost", "::1")
            return [] if local else [f"WSS_ENV=development serves 127.0.0.1 only, not {host}"]
        reasons = []
        if self.env != "production":
            reasons.append(f"WSS_ENV must be production or development, not {self.env!r}")
        if len(self.secret_key) < SECRET_AT_LEAST or len(set(self.secret_key)) < 10:
            reasons.append(f"WSS_SECRET_KEY is missing or weak: at least {SECRET_AT_LEAST} random characters")
        reasons += self._sms_refusals()
        if not self.smtp_url:
            reasons.append("WSS_SMTP_URL is missing: e-mail would only be printed, a development part")
        reasons += self._billing_refusals()
        if not self.is_https:
            reasons.append("WSS_PUBLIC_URL must be an https:// address")
        elif self.trusted_proxies is None:
            reasons.append(
                "WSS_TRUSTED_PROXIES is not set: https ends in a proxy, so say how many stand before the site"
            )
        return reasons

    def warnings(self) -> list[str]:
        """What is allowed and probably a mistake."""
        told = [f"{name} is not a setting of WSS" for name in self.unknown]
        if self.is_https and self.trusted_proxies == 0:
            told.append("WSS_TRUSTED_PROXIES=0 with https: all visitors would share the address of the proxy")
        return told

    def _sms_refusals(self) -> list[str]:
        if self.sms_backend == "console":
            return ["WSS_SMS_BACKEND=console only prints messages: a development part"]
        if self.sms_backend != "http" or not self.sms_url.startswith("https://") or not self.sms_token:
            return ["WSS_SMS_BACKEND=http needs WSS_SMS_URL (https://) and WSS_SMS_TOKEN"]
        reasons = []
        if self.sms2_url and not self.sms2_url.startswith("https://"):
            reasons.append("WSS_SMS2_URL must be an https:// address")
        if any(len(gateway.callback_secret) < SECRET_AT_LEAST for gateway in self.sms_gateways):
            reasons.append(
                f"WSS_SMS_CALLBACK_SECRET is missing or weak: at least {SECRET_AT_LEAST} characters, "
                "or receipts could be forged"
            )
        return reasons

    def _billing_refusals(self) -> list[str]:
        if self.billing_backend not in ("embedded", "http"):
            return [f"WSS_BILLING_BACKEND must be embedded or http, not {self.billing_backend!r}"]
        is_whole = self.billing_url.startswith("https://") and self.billing_token
        if self.billing_backend == "http" and not is_whole:
            return ["WSS_BILLING_BACKEND=http needs WSS_BILLING_URL (https://) and WSS_BILLING_TOKEN"]
        return []


def development_secret(instance: Path) -> str:
    """The secret of a development site, made once and kept in its instance folder."""
    path = instance / "secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _proxies(value: str) -> int | None:
    """How many proxies are trusted; None when nobody has said."""
    return _number("WSS_TRUSTED_PROXIES", value) if value else None


def _number(name: str, value: str) -> int:
    """A whole number from the environment."""
    if not value.isdecimal():
        raise ConfigError(f"{name} must be a whole number, not {value!r}")
    return int(value)
