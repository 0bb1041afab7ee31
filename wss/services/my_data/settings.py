"""A consumer's settings: language, alerts, e-mail address, and which sessions stay open."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.domain.ownership import RecoveryBasis
from wss.domain.rate_limits import Limit, LimitResult
from wss.queries.codes import end_tokens
from wss.queries.consumers import forget_browsers_of, locked_active_consumer, update_settings
from wss.queries.sessions import delete_own_session
from wss.services.login.known_browsers import end_sessions
from wss.services.registration.confirmation_letters import CONFIRM_EMAIL, send_confirmation
from wss.services.registration.recovery_changes import FormerAddresses, end_other_access, notify_of_change
from wss.services.shared import rate_limits
from wss.services.shared.audit import record

ALLOWED = LimitResult(True, 0)


def change_settings(
    actor: Actor,
    language: str,
    *,
    sms_alerts: bool,
    email_alerts: bool,
    email: str | None,
    session_hash: str = "",
) -> LimitResult:
    """Store the settings; a new e-mail address gets a link to confirm it, and is unconfirmed until then.

    The old address and the mobile are notified at once, and every session but this one ends. Refused after a few
    addresses a day.

    An address that letters have bounced from gets a link as well: following it proves that letters arrive again.
    """
    with transaction():
        owner = locked_active_consumer(_own_id(actor))
        if owner is None:
            raise NotFound
        is_new, bounced_at, before = email != owner.email, owner.email_bounced_at, FormerAddresses.of(owner)
        limit_result = rate_limits.consume(Limit.NEW_EMAIL, f"consumer {owner.id}") if is_new else ALLOWED
        if not limit_result.allowed:
            return limit_result
        update_settings(
            owner.id,
            language=language,
            sms_alerts=sms_alerts,
            email_alerts=email_alerts,
            email=email,
            email_verified_at=None if is_new else owner.email_verified_at,
            email_bounced_at=None if is_new else bounced_at,
        )
        record(actor, "settings", f"consumer:{owner.id}")
        if is_new:
            _invalidate_former_email(actor, before, session_hash)
        if email and (is_new or bounced_at):
            send_confirmation(owner)
        return limit_result


def resend_confirmation(actor: Actor) -> LimitResult | None:
    """Resend the link that confirms the consumer's address; None where there is nothing to confirm."""
    with transaction():
        owner = locked_active_consumer(_own_id(actor))
        if owner is None or not owner.email or (owner.email_verified_at and owner.email_bounced_at is None):
            return None
        return send_confirmation(owner)


def _invalidate_former_email(actor: Actor, before: FormerAddresses, session_hash: str) -> None:
    """Invalidate what went to the former address: it must not confirm the new one, nor give access any more."""
    end_tokens(CONFIRM_EMAIL, f"consumer:{before.consumer_id}", now())
    end_other_access(before.consumer_id, session_hash)
    record(actor, "new_email", f"consumer:{before.consumer_id}")
    notify_of_change(before, RecoveryBasis.EMAIL, before.email)


def set_alerts(actor: Actor, channel: str, *, wanted: bool) -> None:
    """Start or stop alerts by one channel; by e-mail only where there is an address."""
    with transaction():
        owner = locked_active_consumer(_own_id(actor))
        if owner is None or (channel == "email" and wanted and not owner.email):
            raise NotFound
        update_settings(owner.id, **{f"{channel}_alerts": wanted})
        record(
            actor, "alerts_wanted" if wanted else "alerts_stopped", f"consumer:{owner.id}", channel=channel
        )


def end_session(actor: Actor, id_hash: str) -> None:
    """End one of the consumer's own sessions and forget known browsers, as the phone may be lost. Raises NotFound
    for another consumer's session."""
    with transaction():
        if not delete_own_session(_own_id(actor), id_hash):
            raise NotFound
        forget_browsers_of(_own_id(actor))
        record(actor, "end_session", f"consumer:{actor.id}")


def end_all_sessions(actor: Actor) -> None:
    """Log out everywhere, also here; no browser stays known."""
    with transaction():
        end_sessions(_own_id(actor))
        record(actor, "end_all_sessions", f"consumer:{actor.id}")


def _own_id(actor: Actor) -> int:
    if actor.consumer_id is None:
        raise NotFound
    return actor.consumer_id
