"""Staff logins of a trial site: a few posts around the busiest office, with a password and a key known to all."""

from wss import passwords, vault
from wss.clock import now
from wss.db import transaction
from wss.queries.demo import DemoPost, posts_with_credentials, posts_worth_trying
from wss.queries.staff import keep_credential


def enrol_posts(password: str, totp_secret: str) -> None:
    """Let the posts worth trying sign in; nothing happens where anybody can sign in already."""
    hashed = passwords.hashed(password)
    with transaction():
        if posts_with_credentials():
            return
        for post in posts_worth_trying():
            keep_credential(
                post.employee_id,
                password_hash=hashed,
                must_change=False,
                totp_secret_sealed=vault.seal(totp_secret),
                totp_enrolled_at=now(),
                totp_last_step=0,
                created_at=now(),
            )


def enrolled_posts(totp_secret: str) -> list[DemoPost]:
    """Those who still sign in with the key that everybody knows."""
    with transaction():
        known = posts_with_credentials()
    return [post for post, sealed in known if vault.unseal(sealed) == totp_secret]
