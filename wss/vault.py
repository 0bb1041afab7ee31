"""Keyed hashes, encrypted texts and one-time codes, each with a key derived from the site's secret."""

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet
from pyotp.exceptions import OTPVerificationError

OTP_DIGITS = 6


@dataclass(frozen=True)
class Vault:
    """Keys derived from WSS_SECRET_KEY, so that no key serves two purposes."""

    secret: bytes
    seals: Fernet
    codes: pyotp.HOTP


_vault: Vault | None = None


def configure(secret: str) -> Vault:
    """Derive the keys from this secret; everything below uses them."""
    global _vault
    raw = secret.encode()
    _vault = Vault(
        raw,
        Fernet(urlsafe_b64encode(_derived(raw, "seal"))),
        pyotp.HOTP(b32encode(_derived(raw, "otp")).decode(), digits=OTP_DIGITS),
    )
    return _vault


def keyed_hash(purpose: str, value: str) -> str:
    """Return a hash that only this site can compute: 64 hex digits."""
    return hmac.new(_configured().secret, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def derived_key(purpose: str) -> bytes:
    """Return a key for this purpose only, for a library that signs."""
    return _derived(_configured().secret, purpose)


def link_hash(token: str) -> str:
    """Return the stored hash of a link's token."""
    return keyed_hash("link", token)


def seal(text: str) -> str:
    """Encrypt a text that must not be readable in the database."""
    return _configured().seals.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a sealed text. Raises cryptography's InvalidToken for anything not sealed here."""
    return _configured().seals.decrypt(sealed.encode()).decode()


def otp_code(counter: int) -> str:
    """Return the six digits of an OTP's counter (HOTP, RFC 4226)."""
    return _configured().codes.at(counter)


def is_otp_code(typed: str, counter: int) -> bool:
    """Return whether the typed digits are right, compared in constant time."""
    return _configured().codes.verify(typed, counter)


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


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, f"wss {purpose} key".encode(), hashlib.sha256).digest()


def _configured() -> Vault:
    if _vault is None:
        raise RuntimeError("no secret is configured")
    return _vault
