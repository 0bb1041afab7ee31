"""Every setting of the site: one field each, with its default and its meaning.

The name in the environment, parsing, refusal in production and the table of the documentation follow from the field.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from wss import setting_addresses as address
from wss.setting_addresses import PrivateHosts, ProxyAddress
from wss.setting_fields import (
    Setting,
    count_from_one,
    days,
    host_names,
    hours_of_day,
    https_address,
    keys_by_commas,
    log_level,
    one_of,
    read_settings,
    refuse_http,
    refuse_printed_mail,
    refuse_weak_secret,
    refuse_weak_secrets,
    second_name_faults,
    security_contacts,
    setting,
    settings_of,
    upi_payee,
    whole_number,
)
from wss.sms_settings import SmsSettings, gateways_of, sms_refusals


class ConfigError(RuntimeError):
    """The environment has a forbidden setting; the text names the setting and the reason.

    gunicorn prints the text of a RuntimeError without a stack trace.
    """


@dataclass(frozen=True)
class Config:
    """The settings of one process. A field `x` is the variable `WSS_X` of the environment."""

    env: str = setting(
        "production",
        "`development` turns on the development pages and serves 127.0.0.1 only",
        refuse=one_of("production", "development"),
    )
    secret_key: str = setting(
        "",
        "signs sessions and tokens, and encrypts; at least 32 random characters",
        refuse=refuse_weak_secret,
        is_secret=True,
    )
    secret_key_old: tuple[str, ...] = setting(
        "",
        "other secrets that are accepted while the secret is changed, several by commas ([secrets.md](secrets.md))",
        parse=keys_by_commas,
        refuse=refuse_weak_secrets,
        is_secret=True,
    )
    instance: Path = setting(
        "instance",
        "folder of the embedded database and the documents",
        parse=lambda text: Path(text).resolve(),
    )
    database_url: str = setting(
        "",
        "`postgresql://user:password@host:port/database` for PostgreSQL; several servers as "
        "`postgresql://user@/database?host=a:5432&host=b:5432&target_session_attrs=read-write`",
        shown="SQLite in the instance folder",
        parse=address.database_address,
        is_secret=True,
    )
    database_pool: int = setting(
        "6",
        "how many connections to PostgreSQL a process keeps open: fewer than its threads "
        "([server.md](server.md#the-database))",
        parse=count_from_one,
    )
    database_overflow: int = setting(
        "0", "how many more connections a process may open for a short time", parse=whole_number
    )
    public_url: str = setting(
        "http://127.0.0.1:5000",
        "the address that people use; must be `https://` in production",
        shown="`http://127.0.0.1:PORT`",
        parse=address.site_address,
        refuse=refuse_http,
    )
    trusted_hosts: tuple[str, ...] = setting(
        "",
        "further host names that requests may have, separated by commas; health checks need none",
        parse=host_names,
    )
    staff_url: str = setting(
        "",
        "a second address, `https://…` with another host name, which alone has the staff pages; each answers 404 for "
        "pages of the other",
        shown="as `WSS_PUBLIC_URL`",
        parse=lambda text: text.rstrip("/"),
    )
    hsts_subdomains: bool = setting(
        "1",
        "`0`: browsers are to use https for this host only, and not for all hosts below it as well",
        parse=lambda text: text != "0",
    )
    security_contact: tuple[str, ...] = setting(
        "",
        "who receives reports about weaknesses, for `/.well-known/security.txt`: `mailto:…`, `https://…` or `tel:+…`, "
        "several by commas",
        shown="the help page",
        parse=security_contacts,
    )
    # None means not set, which differs from 0.
    trusted_proxies: int | None = setting(
        "",
        "how many proxies in front may set the visitor's address; production refuses https without it "
        "(`deploy/nginx.conf`: 1)",
        shown="not set",
        parse=lambda text: whole_number(text) if text else None,
    )
    sms_backend: str = setting("console", "`http` sends SMS to the gateway below; production needs it")
    sms_url: str = setting("", "the address of the SMS gateway", parse=address.web_address)
    sms_token: str = setting("", "the token that the gateway asks for", parse=address.token, is_secret=True)
    sms_sender: str = setting("WSSUPC", "the sender's name on an SMS")
    sms_entity_id: str = setting(
        "", "the sender's registered entity (TRAI DLT); production refuses SMS without it"
    )
    sms_callback_secret: str = setting(
        "", "the gateway signs its delivery receipts with it; at least 32 characters", is_secret=True
    )
    sms2_url: str = setting(
        "", "a second gateway, used while the first fails or is slow", parse=address.web_address
    )
    sms2_token: str = setting("", "its token", shown="as the first", parse=address.token, is_secret=True)
    sms2_sender: str = setting("", "the sender's name there", shown="as the first")
    sms2_entity_id: str = setting("", "the registered entity there", shown="as the first")
    sms2_callback_secret: str = setting(
        "", "the second gateway signs its receipts with it", shown="as the first", is_secret=True
    )
    smtp_url: str = setting(
        "",
        "the mail server, `smtp://user:password@host:port`; without one e-mails are printed. Unless it is on this "
        "machine it has to offer STARTTLS (or `smtps://`), with a certificate for its name that this machine trusts",
        parse=address.smtp_address,
        refuse=refuse_printed_mail,
        is_secret=True,
    )
    smtp_from: str = setting("wss@localhost", "the sender of e-mails")
    documents_url: str = setting(
        "",
        "where documents are stored, `file:///…`; the folder gets the file `.wss-installation` with the id of this "
        "installation, and production refuses a folder with another one",
        shown="a folder in the instance folder",
        parse=address.folder_address,
    )
    clamd: str = setting(
        "",
        "the virus scanner clamd, `host:port`; without one documents are marked as not scanned. Its `StreamMaxLength` "
        "must be 5 MB or more: a document that it does not accept stays withheld",
        parse=address.host_and_port,
    )
    billing_backend: str = setting(
        "embedded",
        "`http` posts approved revised bills to the billing system, until it has them",
        refuse=one_of("embedded", "http"),
    )
    billing_url: str = setting(
        "",
        "the address of the billing system; revised bills go to `/revisions` below it, generated ones to "
        "`/self-bills`. In production `https://` at a public address, or at one of `WSS_PRIVATE_HOSTS`",
        parse=address.web_address,
    )
    billing_token: str = setting(
        "", "the token that the billing system asks for", parse=address.token, is_secret=True
    )
    private_hosts: PrivateHosts = setting(
        "",
        "names, addresses and networks of your own network that the billing system may have although they are not "
        "public, such as `billing.example.in,10.20.0.0/16`; they are never asked for through `WSS_OUTBOUND_PROXY`. "
        "With a proxy a network covers numeric addresses only: list the name that `WSS_BILLING_URL` has",
        parse=address.private_hosts,
    )
    outbound_proxy: ProxyAddress | None = setting(
        "",
        "the proxy through which SMS gateways and billing system are reached, `http://host:port` or "
        "`http://user:password@host:port`; it has to allow CONNECT to them. Mail server and virus scanner are "
        "reached directly",
        parse=address.proxy_address,
        is_secret=True,
    )
    payment_url: str = setting(
        "",
        "the page on which consumers pay a bill, `https://…`; pages about paying link to it",
        parse=https_address,
    )
    upi_payee: str = setting(
        "",
        "the UPI address to which consumers pay bills, `name@handle`; the page about paying has it as link and QR code",
        parse=upi_payee,
    )
    metrics_token: str = setting(
        "", "the token for `/metrics`; without one the page does not exist", is_secret=True
    )
    log_level: str = setting(
        "info",
        "the least level of log lines: `debug` (every request), `info`, `warning`, `error`",
        parse=log_level,
    )
    slow_request_ms: int = setting(
        "2000", "a request that takes so many milliseconds is logged as slow", parse=whole_number
    )
    call_back_hours: int = setting(
        "48",
        "how many hours a consumer's request for a call by 1912 waits before it ends; `0`: calls are not offered",
        parse=whole_number,
    )
    call_back_times: str = setting(
        "",
        "the hours in which 1912 calls back, such as `10:00-17:00`, for consumers to read; empty: pages name none",
        parse=hours_of_day,
    )
    close_on_silence: bool = setting(
        "0",
        "`1` closes a resolved complaint as unconfirmed after 15 days without a reply; the law may ask for the "
        "consumer's confirmation",
        parse=lambda text: text == "1",
    )
    # The least is what the DPDP Rules, 2025, rule 8(3) ask for: one year.
    keep_messages_days: int = setting(
        "366",
        "after how many days a message loses its text and its number or address, and leaves unless it is about a "
        "request; 366 or more",
        parse=days(366, 36_600),
    )
    keep_messages_of_strangers_days: int = setting(
        "3",
        "after how many days a message to a person without a login leaves; 1 to 90",
        parse=days(1, 90),
    )
    keep_message_states_days: int = setting(
        "1096",
        "after how many days the state of a message about a request leaves the timeline; 366 or more",
        parse=days(366, 36_600),
    )
    keep_expired_days: int = setting(
        "0",
        "how many days longer expired registrations and expired counts of limits are kept, to look into an abuse; "
        "0 to 30",
        parse=days(0, 30),
    )
    demo: bool = setting("1", "`0`: no demo data on the first start", parse=lambda text: text != "0")
    port: int = setting("5000", "the port on 127.0.0.1", name="PORT", parse=whole_number)
    unknown: tuple[str, ...] = field(default=())
    secret_files: tuple[Path, ...] = field(default=())

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings of this process; raise ConfigError for a value of the wrong shape."""
        try:
            values, files = read_settings(SETTINGS, environ)
        except ValueError as error:
            raise ConfigError(str(error)) from None
        values["secret_files"] = files
        if "port" in values:
            values.setdefault("public_url", f"http://127.0.0.1:{values['port']}")
        known = {name for each in SETTINGS.values() for name in (each.name, each.file_name)}
        values["unknown"] = tuple(sorted(n for n in environ if n.startswith("WSS_") and n not in known))
        return cls(**values)

    @property
    def is_development(self) -> bool:
        """Return whether the development pages (captcha answers, inbox) are on."""
        return self.env == "development"

    @property
    def has_demo_clock(self) -> bool:
        """Return whether the clock of this site follows the tour of its demo."""
        return self.is_development and self.demo

    @property
    def is_https(self) -> bool:
        """Return whether the site uses https."""
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        """Return the address of the database; SQLite in the instance folder when none is set."""
        return self.database_url or f"sqlite:///{self.instance / 'wss.db'}"

    @property
    def documents(self) -> str:
        """Return the address of the document store; a folder in the instance folder when none is set."""
        return self.documents_url or (self.instance / "documents").as_uri()

    @property
    def sms_gateways(self) -> tuple[SmsSettings, ...]:
        """Return the SMS gateways in the order of use; the second inherits unset values from the first."""
        return gateways_of(self)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the host names of this site."""
        # Developers type localhost as often as 127.0.0.1.
        loopback = ("127.0.0.1", "localhost") if self.is_development else ()
        staff = urlsplit(self.staff_url).hostname
        public = urlsplit(self.public_url).hostname or "localhost"
        return (public, *((staff,) if staff else ()), *loopback, *self.trusted_hosts)

    def refusals(self) -> list[str]:
        """Return why the site must not start with this configuration; empty when it may."""
        if self.is_development:
            host = self.hosts[0]
            local = host in ("127.0.0.1", "localhost", "::1")
            faults = second_name_faults(self.public_url, self.staff_url, is_development=True)
            return faults if local else [f"WSS_ENV=development serves 127.0.0.1 only, not {host}", *faults]
        refused = ((each.name, each.refuse(getattr(self, key))) for key, each in SETTINGS.items())
        reasons = [f"{name} {reason}" for name, reason in refused if reason]
        reasons += sms_refusals(self) + self._billing_refusals()
        reasons += second_name_faults(self.public_url, self.staff_url, is_development=False)
        if self.is_https and self.trusted_proxies is None:
            reasons.append(
                "WSS_TRUSTED_PROXIES is not set: https ends in a proxy, so set the number of proxies before the site"
            )
        return reasons

    def warnings(self) -> list[str]:
        """Return what is allowed but probably a mistake."""
        found = [f"{name} is not a setting of WSS" for name in self.unknown]
        if self.is_https and self.trusted_proxies == 0:
            found.append(
                "WSS_TRUSTED_PROXIES=0 with https: all visitors would share the address of the proxy"
            )
        if not self.is_development and self.database.startswith("sqlite:"):
            found.append(
                "WSS_DATABASE_URL is not PostgreSQL: the embedded database serves one machine only; "
                "`flask --app app backup` and `restore` move it to PostgreSQL"
            )
        return found

    def _billing_refusals(self) -> list[str]:
        is_whole = self.billing_url.startswith("https://") and self.billing_token
        if self.billing_backend == "http" and not is_whole:
            return ["WSS_BILLING_BACKEND=http needs WSS_BILLING_URL (https://) and WSS_BILLING_TOKEN"]
        return []


def development_secret(instance: Path) -> str:
    """Return the secret of a development site, created once and stored in its instance folder."""
    path = instance / "secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


# Every setting by the name of its field, in the order of the documentation.
SETTINGS: dict[str, Setting] = settings_of(Config)


def settings_table() -> list[tuple[str, str, str]]:
    """Return name, default and meaning of every setting; default and meaning are Markdown."""
    return [(each.name, each.default, each.meaning) for each in SETTINGS.values()]
