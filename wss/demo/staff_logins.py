"""Staff logins of a demo site: a few posts around the busiest office, with a public password and key."""

from wss import passwords, vault
from wss.clock import now
from wss.db import transaction
from wss.queries.demo import DemoPost, demo_posts, posts_with_credentials
from wss.queries.staff import save_credential


def enrol_posts(password: str, totp_secret: str) -> None:
    """Enable the login of the demo posts, unless any employee can log in already."""
    hashed = passwords.hash_password(password)
    with transaction():
        if posts_with_credentials():
            return
        for post in demo_posts():
            save_credential(
                post.employee_id,
                password_hash=hashed,
                must_change=False,
                totp_secret_sealed=vault.seal(totp_secret),
                totp_enrolled_at=now(),
                totp_last_step=0,
                created_at=now(),
            )


def enrolled_posts(totp_secret: str) -> list[DemoPost]:
    """Return the posts that still use the public key."""
    with transaction():
        known = posts_with_credentials()
    return [post for post, sealed in known if _has_key(sealed, totp_secret)]


def _has_key(sealed: str, totp_secret: str) -> bool:
    try:
        return vault.unseal(sealed) == totp_secret
    except vault.BrokenSeal:
        return False
