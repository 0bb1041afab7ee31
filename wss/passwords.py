"""Passwords: stored as argon2id, checked with the same work whether or not a stored hash exists."""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wss.domain.passwords import SHORTEST

# OWASP's second choice for argon2id: 19 MiB, two passes. With more memory many logins at once could exhaust the
# machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = BoundedSemaphore(2 * (os.cpu_count() or 1))
# Checked where none is stored; written here, as making one takes 19 MiB when a process starts.
_dummy_hash = (
    "$argon2id$v=19$m=19456,t=2,p=1$br5qIZSX9hc0H3QehMTDZA$Fb4EDdghVyZtpuESsIzWDnp/e/pue20JtyVUtp8kiJg"
)


def hash_password(password: str) -> str:
    """Return the hash to store."""
    with _at_once:
        return _hasher.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Return whether the password matches the stored hash.

    Without one the same work is done and the result is False.
    """
    with _at_once:
        try:
            return _hasher.verify(kept or _dummy_hash, password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Return the most frequently tried passwords, of the allowed lengths; read once, when first needed."""
    # The file alone: the package would build tables of all its lists and keep them.
    package = find_spec("zxcvbn")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("zxcvbn is not installed")
    lists = run_path(str(Path(package.origin).with_name("frequency_lists.py")))["FREQUENCY_LISTS"]
    return frozenset(word for word in lists["passwords"] if len(word) >= SHORTEST)
