"""Declaration of a setting as a field of `wss.config.Config`, and the rules that several settings share."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRET_AT_LEAST = 32
# A leading dot, which would allow every name below it, is refused.
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
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
    is_secret: bool = False

    @property
    def file_name(self) -> str:
        """Return the variable that names a file with the value; only secrets have one."""
        return f"{self.name}_FILE" if self.is_secret else ""

    def given(self, environ: Mapping[str, str]) -> "tuple[str | None, Path | None]":
        """Return the text of the environment and the file it was read from; raise ValueError with the reason.

        A secret can also be in the file that `…_FILE` names, or in a credential of systemd with the setting's name.
        """
        files = self._files(environ)
        if len(files) + bool(environ.get(self.name)) > 1:
            raise ValueError(f"is given twice: keep one of the setting, {self.name}_FILE and the credential")
        if not files:
            return environ.get(self.name), None
        try:
            text = files[0].read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is no text"
            raise ValueError(f"cannot be read from {files[0]}: {reason}") from None
        if not text:
            raise ValueError(f"cannot be read from {files[0]}: it is empty")
        return text, files[0]

    def _files(self, environ: Mapping[str, str]) -> list[Path]:
        if not self.is_secret:
            return []
        credential = Path(environ.get("CREDENTIALS_DIRECTORY") or os.devnull) / self.name
        named = [Path(environ[self.file_name])] if environ.get(self.file_name) else []
        return named + ([credential] if credential.is_file() else [])


def whole_number(text: str) -> int:
    """Parse a whole number; raise ValueError with the reason."""
    if not text.isdecimal():
        raise ValueError(f"must be a whole number, not {text!r}")
    return int(text)


def days(at_least: int, at_most: int) -> Callable[[str], int]:
    """Return a parser of a number of days within these bounds; it raises ValueError with the reason."""

    def parse(text: str) -> int:
        number = whole_number(text)
        if not at_least <= number <= at_most:
            raise ValueError(f"must be a number of days from {at_least} to {at_most}, not {number}")
        return number

    return parse


def count_from_one(text: str) -> int:
    """Parse a whole number of at least 1; raise ValueError with the reason."""
    if not whole_number(text):
        raise ValueError("must be at least 1")
    return int(text)


def host_names(text: str) -> tuple[str, ...]:
    """Parse names or addresses of hosts, separated by commas; raise ValueError for anything else."""
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise ValueError(
                f"must be host names or IPv4 addresses without a port, such as 10.0.0.5, not {name!r}"
            )
    return names


def log_level(text: str) -> str:
    """Parse the least level of log lines; raise ValueError with the reason."""
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError(f"must be debug, info, warning or error, not {text!r}")
    return text.lower()


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


def keys_by_commas(text: str) -> tuple[str, ...]:
    """Parse keys that are separated by commas or line breaks."""
    return tuple(key.strip() for key in re.split(r"[,\n]", text) if key.strip())


def refuse_weak_secrets(value: tuple[str, ...]) -> str:
    """Refuse a list with a secret that is too short or repeats few characters."""
    return next((reason for reason in map(refuse_weak_secret, value) if reason), "")


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
    is_secret: bool = False,
) -> Any:
    """Declare a setting; `default` is the text as in the environment, `shown` its form in the documentation."""
    shown = shown or (f"`{default}`" if default else "none")
    metadata = {"setting": (name, shown, meaning, parse, refuse, is_secret)}
    return field(default_factory=lambda: parse(default), metadata=metadata)


def settings_of(config: type) -> dict[str, Setting]:
    """Return the settings that a dataclass declares, by the name of their field and in their order."""
    declared = {each.name: each.metadata["setting"] for each in fields(config) if "setting" in each.metadata}
    return {key: Setting(name or f"WSS_{key.upper()}", *rest) for key, (name, *rest) in declared.items()}


def read_settings(
    settings: Mapping[str, Setting], environ: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return the values that are given, by the name of their field, and the files that some were read from.

    Raises ValueError that names all settings of the wrong shape, each with the reason.
    """
    values, files, malformed = {}, [], []
    for key, each in settings.items():
        try:
            text, file = each.given(environ)
            if text is not None:
                values[key] = each.parse(text)
        except ValueError as error:
            malformed.append(f"{each.name} {error}")
            continue
        if file is not None:
            files.append(file)
    if malformed:
        raise ValueError("; ".join(malformed))
    return values, tuple(files)
