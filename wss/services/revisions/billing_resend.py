"""Resending of revised bills that the billing system has refused, by the roles in charge of deliveries."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import DELIVERY_ROLES, Actor
from wss.domain.errors import NotFound
from wss.queries import billing_posts
from wss.services.shared.audit import record


def resend_post(actor: Actor, post_id: str) -> bool:
    """Resend one refused post under its old id; return False when it is no longer refused.

    Raises NotFound when there is no such post, or for a role that is not in charge of deliveries.
    """
    _check_role(actor)
    with transaction():
        if billing_posts.requeue_post(post_id, now()):
            record(actor, "revised_bill_posted_again", f"billing_post:{post_id}")
            return True
        if not billing_posts.is_post(post_id):
            raise NotFound
    return False


def resend_all_posts(actor: Actor, reason: str) -> int:
    """Resend all posts that were refused for this reason; return how many. Raises NotFound as above."""
    _check_role(actor)
    with transaction():
        how_many = billing_posts.requeue_posts(reason, now())
        if how_many:
            record(actor, "revised_bills_posted_again", "billing_post", reason=reason, how_many=how_many)
    return how_many


def _check_role(actor: Actor) -> None:
    if actor.role not in DELIVERY_ROLES:
        raise NotFound
