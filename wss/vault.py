"""Keyed hashes, encrypted texts and one-time codes, each with a key derived from a secret of the site.

Several secrets can be accepted at once, so that they can be changed: the first one writes, and what any of them
wrote is still recognised and opened.
"""

import hmac
import secrets
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pyotp.exceptions import OTPVerificationError

OTP_DIGITS = 6
_HASH = "sha256"
# Half of it is enough to distinguish the keys of one installation, and it reveals nothing of a secret.
_FINGERPRINT = 16
_MARK_BYTES = 3
_MARK = 4


class BrokenSeal(Exception):
    """A sealed text that no secret of this site opens: it was sealed with another one, or it is damaged."""


@dataclass(frozen=True)
class SiteKey:
    """One secret of the site, with what is derived from it so that no key serves two purposes."""

    secret: bytes = field(repr=False)

    @cached_property
    def seals(self) -> Fernet:
        """Return what encrypts and decrypts."""
        return Fernet(urlsafe_b64encode(self.derived("seal")))

    @cached_property
    def codes(self) -> pyotp.HOTP:
        """Return what makes one-time passwords."""
        return pyotp.HOTP(b32encode(self.derived("otp")).decode(), digits=OTP_DIGITS)

    @cached_property
    def fingerprint(self) -> str:
        """Return a name of the secret that reveals nothing of it."""
        return self.derived("fingerprint").hex()[:_FINGERPRINT]

    @cached_property
    def mark(self) -> str:
        """Return the beginning of the session ids that this secret belongs to."""
        return urlsafe_b64encode(self.derived("mark")[:_MARK_BYTES]).decode()

    def derived(self, purpose: str) -> bytes:
        """Return a key for this purpose only."""
        return hmac.digest(self.secret, f"wss {purpose} key".encode(), _HASH)

    def keyed_hash(self, purpose: str, value: str) -> str:
        """Return 64 hex digits."""
        return hmac.digest(self.secret, f"{purpose}\0{value}".encode(), _HASH).hex()


@dataclass(frozen=True)
class Vault:
    """The secrets of the site: the first one writes, all of them are accepted."""

    keys: tuple[SiteKey, ...]
    seals: MultiFernet

    @property
    def newest(self) -> SiteKey:
        """Return the key that writes."""
        return self.keys[0]


_vault: Vault | None = None


def configure(secret: str, *accepted: str) -> Vault:
    """Derive the keys from these secrets; the first writes, the others are accepted as well."""
    global _vault
    keys = tuple(SiteKey(each.encode()) for each in dict.fromkeys((secret, *accepted)))
    _vault = Vault(keys, MultiFernet([key.seals for key in keys]))
    return _vault


def fingerprints() -> tuple[str, ...]:
    """Return the fingerprints of the accepted secrets, first of the one that writes."""
    return tuple(key.fingerprint for key in _configured().keys)


def signing_keys(purpose: str) -> list[bytes]:
    """Return the keys for a library that signs with the last of them, and verifies with any (itsdangerous)."""
    return [key.derived(purpose) for key in reversed(_configured().keys)]


def keyed_hash(purpose: str, value: str) -> str:
    """Return a hash that only this site can compute: 64 hex digits."""
    return _configured().newest.keyed_hash(purpose, value)


def keyed_hashes(purpose: str, value: str) -> list[str]:
    """Return the hash by each accepted secret, the newest first: what is stored may be any of them."""
    return [key.keyed_hash(purpose, value) for key in _configured().keys]


def link_hash(token: str) -> str:
    """Return the stored hash of a link's token."""
    return keyed_hash("link", token)


def link_hashes(token: str) -> list[str]:
    """Return the hashes under which a link's token may be stored."""
    return keyed_hashes("link", token)


def new_session_id() -> str:
    """Return an id for a cookie: the mark of the secret that its hashes are made with, and 232 random bits."""
    return _configured().newest.mark + secrets.token_urlsafe(29)


def session_hash(session_id: str) -> str:
    """Return the stored hash of a session's id; it stays the same for the life of the id."""
    return _key_of_session(session_id).keyed_hash("session", session_id)


def csrf_value(session_id: str, purpose: str = "csrf") -> str:
    """Return what the forms of a session prove for a purpose; it stays the same for the life of the id."""
    return _key_of_session(session_id).keyed_hash(purpose, session_id)


def _key_of_session(session_id: str) -> SiteKey:
    """Return the secret that an id belongs to.

    An id without the mark of an accepted secret is of a release before marks, so of the oldest secret.
    """
    keys = _configured().keys
    return next((key for key in keys if key.mark == session_id[:_MARK]), keys[-1])


def seal(text: str) -> str:
    """Encrypt a text that must not be readable in the database."""
    return _configured().seals.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a sealed text; raise BrokenSeal for anything that no accepted secret has sealed."""
    try:
        return _configured().seals.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSeal from None


def resealed(sealed: str) -> str | None:
    """Return the text sealed with the newest secret, or None if it is already; raise BrokenSeal as unseal does."""
    try:
        _configured().newest.seals.decrypt(sealed.encode())
    except InvalidToken:
        return seal(unseal(sealed))
    return None


def otp_code(counter: int) -> str:
    """Return the six digits of an OTP's counter (HOTP, RFC 4226)."""
    return _configured().newest.codes.at(counter)


def is_otp_code(typed: str, counter: int) -> bool:
    """Return whether the typed digits are right, compared in constant time; the code may be of any accepted secret."""
    return any([key.codes.verify(typed, counter) for key in _configured().keys])


def new_totp_secret() -> str:
    """Return a new secret for an authenticator: 160 random bits."""
    return pyotp.random_base32(32)


def totp(secret: str) -> pyotp.TOTP:
    """Return the authenticator of a secret (RFC 6238): six digits, 30 seconds."""
    return pyotp.TOTP(secret, issuer="WSS")


def totp_code(secret: str, moment: datetime, ahead: int = 0) -> str:
    """Return the code that an authenticator shows at a moment, or so many time steps later."""
    return totp(secret).at(moment, counter_offset=ahead)


def totp_step(typed: str, secret: str, moment: datetime, window: int) -> int | None:
    """Return the time step of a typed code, at most `window` steps from the moment; None for a wrong code.

    The caller checks whether that step's code has been used before.
    """
    try:
        return totp(secret).verify_and_get_timecode(typed, for_time=moment, valid_window=window)
    except OTPVerificationError:
        return None


def _configured() -> Vault:
    if _vault is None:
        raise RuntimeError("no secret is configured")
    return _vault
