"""Changes of a basis of recovery: notifies the former addresses with a link that undoes the change, and ends what
other browsers have under way."""

from dataclasses import dataclass

from wss.clock import now
from wss.domain.ownership import UNDO_LIFE, RecoveryBasis
from wss.models import Consumer, Replaced
from wss.queries.codes import end_tokens
from wss.queries.former_addresses import add_replaced
from wss.queries.proofs import end_proofs_about
from wss.services.login.known_browsers import end_sessions
from wss.services.messages.notices import ConfirmedEmail, Recipient, confirmed_email, queue_notice
from wss.services.shared import links

UNDO, NOT_MY_NUMBER = "undo", "not_my_number"
_NOTICES = {
    RecoveryBasis.EMAIL: "email_changed",
    RecoveryBasis.MOBILE: "mobile_changed",
    RecoveryBasis.PASSWORD: "password_changed",
    RecoveryBasis.CONNECTION: "connection_added",
}


@dataclass(frozen=True, slots=True)
class FormerAddresses:
    """The addresses of a consumer before a change, and the value it replaces; a copy, as the rows change with it."""

    consumer_id: int
    language: str
    mobile: str | None
    email: str | None
    confirmed_email: ConfirmedEmail | None

    @classmethod
    def of(cls, owner: Consumer) -> "FormerAddresses":
        """Return the present addresses."""
        return cls(owner.id, owner.language, owner.mobile, owner.email, confirmed_email(owner))

    @property
    def recipient(self) -> Recipient:
        """Return the verified mobile and the confirmed e-mail address, whether or not alerts are wanted."""
        return Recipient(self.language, self.mobile, self.confirmed_email, self.consumer_id)


def notify_of_change(before: FormerAddresses, what: RecoveryBasis, former: str | None = None) -> None:
    """Notify the addresses known before the change, with a link that undoes it."""
    was_confirmed = what is RecoveryBasis.EMAIL and before.confirmed_email is not None
    number = add_replaced(
        Replaced(
            consumer_id=before.consumer_id,
            what=what,
            former=former,
            was_confirmed=was_confirmed,
            created_at=now(),
        )
    )
    token = links.new_link(UNDO, f"replaced:{number}", UNDO_LIFE)
    queue_notice(_NOTICES[what], before.recipient, {"path": f"/not-me/{token}"})


def end_other_access(consumer_id: int, session_hash: str = "") -> None:
    """End every session of the consumer but this one, their known browsers, password reset links, and the proofs
    under way in other browsers."""
    end_sessions(consumer_id, session_hash)
    end_tokens("reset", f"consumer:{consumer_id}", now())
    end_proofs_about(consumer_id, session_hash, now())
