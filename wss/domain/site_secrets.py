"""The secrets of the site: whether a process may use a database, and how long a former secret is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SecretFault(StrEnum):
    """The reason why a process must not use the database with its secrets."""

    # The database names a secret that the process does not have.
    MISSING = "missing"
    # The database names none yet, and the secret opens nothing of what is sealed in it.
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """A secret that the database names; with `retired_at` nothing is sealed with it any more."""

    fingerprint: str
    first_used_at: datetime
    rotation_began_at: datetime | None
    resealed_to: str
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecretCheck:
    """The result of comparing the secrets of a process with those of the database: no fault, or one and its names."""

    fault: SecretFault | None = None
    missing: tuple[str, ...] = ()


class FormerUse(StrEnum):
    """A kind of thing that is stored as a hash with the secret of its time."""

    LOGINS = "logins"
    REGISTRATIONS = "registrations"
    LINKS = "links"
    COMPLAINT_LINKS = "complaint_links"
    RECOVERY_CODES = "recovery_codes"


@dataclass(frozen=True, slots=True)
class FormerSecretUse:
    """What was made before the last change of the secret and still needs the former one.

    How many, and until when; None where no day is known.
    """

    what: FormerUse
    how_many: int
    until: datetime | None


def missing_secrets(known: Sequence[KnownSecret], accepted: Sequence[str]) -> tuple[str, ...]:
    """Return the secrets that the database still needs and a process does not accept."""
    return tuple(
        each.fingerprint for each in known if each.retired_at is None and each.fingerprint not in accepted
    )


def is_written_down(known: Sequence[KnownSecret], writing: str) -> bool:
    """Return whether the database knows already that this secret seals."""
    return any(each.fingerprint == writing and each.retired_at is None for each in known)
