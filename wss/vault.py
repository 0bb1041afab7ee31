"""The site's secret at work: keyed hashes, sealed texts and one-time codes, each from its own derived key."""

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass

import pyotp
from cryptography.fernet import Fernet

OTP_DIGITS = 6


@dataclass(frozen=True)
class Vault:
    """Keys derived from WSS_SECRET_KEY, so that no key serves two purposes."""

    secret: bytes
    seals: Fernet
    codes: pyotp.HOTP


_vault: Vault | None = None


def bind(secret: str) -> Vault:
    """Make this secret the one that everything below uses."""
    global _vault
    raw = secret.encode()
    _vault = Vault(
        raw,
        Fernet(urlsafe_b64encode(_derived(raw, "seal"))),
        pyotp.HOTP(b32encode(_derived(raw, "otp")).decode(), digits=OTP_DIGITS),
    )
    return _vault


def keyed_hash(purpose: str, value: str) -> str:
    """A hash that only this site can make; 64 hex digits."""
    return hmac.new(_bound().secret, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def link_hash(token: str) -> str:
    """What is kept of a link's token."""
    return keyed_hash("link", token)


def seal(text: str) -> str:
    """Encrypt a text that must not lie readable in the database."""
    return _bound().seals.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again; raises cryptography's InvalidToken for anything not sealed here."""
    return _bound().seals.decrypt(sealed.encode()).decode()


def otp_code(counter: int) -> str:
    """The six digits of an OTP's counter (HOTP, RFC 4226)."""
    return _bound().codes.at(counter)


def is_otp_code(typed: str, counter: int) -> bool:
    """Whether somebody typed the right six digits; compared in constant time."""
    return _bound().codes.verify(typed, counter)


def new_totp_secret() -> str:
    """A fresh secret for an authenticator: 160 random bits."""
    return pyotp.random_base32(32)


def totp_code(secret: str, step: int) -> str:
    """The six digits of an authenticator at a time step (RFC 6238)."""
    return pyotp.HOTP(secret, digits=OTP_DIGITS).at(step)


def totp_step(typed: str, secret: str, steps: Iterable[int]) -> int | None:
    """The latest of these steps whose code was typed; every one is looked at, each in constant time."""
    right = [step for step in steps if hmac.compare_digest(totp_code(secret, step), typed)]
    return max(right, default=None)


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, f"wss {purpose} key".encode(), hashlib.sha256).digest()


def _bound() -> Vault:
    if _vault is None:
        raise RuntimeError("no secret is bound")
    return _vault
