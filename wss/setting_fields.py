"""Declaration of a setting as a field of `wss.config.Config`, and the rules that several settings share."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

SECRET_AT_LEAST = 32
# A virtual payment address of UPI: a name at the handle of a bank or an app.
_UPI_PAYEE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}@[A-Za-z][A-Za-z0-9]{1,63}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name in the environment, and its default and meaning as Markdown for the documentation.

    `parse` turns the text of the environment into the value and raises ValueError with the reason. `refuse`
    returns why production must not start with a value, or an empty text.
    """

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any]
    refuse: Callable[[Any], str]


def whole_number(text: str) -> int:
    """Parse a whole number; raise ValueError with the reason."""
    if not text.isdecimal():
        raise ValueError(f"must be a whole number, not {text!r}")
    return int(text)


def hours_of_day(text: str) -> str:
    """Return a span such as 10:00-17:00 as typed, or nothing; raise ValueError for another shape."""
    if text and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d", text):
        raise ValueError(f"must be like 10:00-17:00, not {text!r}")
    return text


def _accept(_value: Any) -> str:
    return ""


def refuse_weak_secret(value: str) -> str:
    """Refuse a secret that is too short or repeats few characters."""
    is_weak = len(value) < SECRET_AT_LEAST or len(set(value)) < 10
    return f"is missing or weak: at least {SECRET_AT_LEAST} random characters" if is_weak else ""


def refuse_http(value: str) -> str:
    """Refuse an address without https."""
    return "" if value.startswith("https://") else "must be an https:// address"


def second_name_faults(public_url: str, staff_url: str, *, is_development: bool) -> list[str]:
    """Return why staff pages cannot have this address, next to the one of the public."""
    if not staff_url:
        return []
    public, staff = urlsplit(public_url), urlsplit(staff_url)
    if not staff.hostname or staff.path or staff.query or staff.scheme not in ("http", "https"):
        return ["WSS_STAFF_URL must be an address without a path, such as https://staff.wss.example.in"]
    if staff.scheme != public.scheme or (staff.scheme == "http" and not is_development):
        return ["WSS_STAFF_URL must be an https:// address, as WSS_PUBLIC_URL"]
    # Cookies belong to a host name, whatever its port.
    if staff.hostname == public.hostname:
        return ["WSS_STAFF_URL needs another host name than WSS_PUBLIC_URL"]
    return []


def https_address(text: str) -> str:
    """Parse an https address without a login, or an empty text; raise ValueError with the reason."""
    if not text:
        return ""
    parts = urlsplit(text)
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' "<>\\')
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not is_plain:
        raise ValueError("must be an https:// address without a login")
    return text


def security_contacts(text: str) -> tuple[str, ...]:
    """Parse addresses by commas, each `mailto:…`, `https://…` or `tel:…`; raise ValueError with the reason."""
    contacts = tuple(each.strip() for each in text.split(",") if each.strip())
    if not all(re.fullmatch(r"(mailto:[^\s@]+@|https://|tel:\+)[!-~]+", each) for each in contacts):
        raise ValueError("must be mailto:…, https://… or tel:+…, several by commas")
    return contacts


def upi_payee(text: str) -> str:
    """Parse a UPI address, or an empty text; raise ValueError with the reason."""
    if text and not _UPI_PAYEE.fullmatch(text):
        raise ValueError("must be a UPI address, name@handle")
    return text


def refuse_printed_mail(value: str) -> str:
    """Refuse a missing mail server: e-mails would only be printed."""
    return "" if value else "is missing: e-mail would only be printed, a development part"


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a rule that refuses every other value."""

    def refuse(value: str) -> str:
        return "" if value in choices else f"must be {' or '.join(choices)}, not {value!r}"

    return refuse


def setting(
    default: str,
    meaning: str,
    *,
    shown: str = "",
    name: str = "",
    parse: Callable[[str], Any] = str,
    refuse: Callable[[Any], str] = _accept,
) -> Any:
    """Declare a setting; `default` is the text as in the environment, `shown` its form in the documentation."""
    shown = shown or (f"`{default}`" if default else "none")
    metadata = {"setting": (name, shown, meaning, parse, refuse)}
    return field(default_factory=lambda: parse(default), metadata=metadata)


def settings_of(config: type) -> dict[str, Setting]:
    """Return the settings that a dataclass declares, by the name of their field and in their order."""
    declared = {each.name: each.metadata["setting"] for each in fields(config) if "setting" in each.metadata}
    return {key: Setting(name or f"WSS_{key.upper()}", *rest) for key, (name, *rest) in declared.items()}
