"""Staff logins of a demo site; never in production."""

from wss.demo.staff_logins import enrol_posts, enrolled_posts

# They may be public: the data is synthetic, and the site serves its own machine only.
PASSWORD = "bijli-office-demo-2026"  # noqa: S105
TOTP_SECRET = "BIJLIDEMOBIJLIDEMOBIJLIDEMO23456"  # noqa: S105


def enable_staff_logins() -> None:
    """Enable the login of a few posts, unless an employee can log in already."""
    enrol_posts(PASSWORD, TOTP_SECRET)


def staff_logins(site: str) -> list[str]:
    """Return the demo logins of staff, for the terminal."""
    posts = enrolled_posts(TOTP_SECRET)
    if not posts:
        return []
    lines = [
        f"Demo staff at {site}/staff/login, password {PASSWORD}, key for an authenticator {TOTP_SECRET}:"
    ]
    lines += [f"  {post.employee_id}, {post.role.replace('_', ' ')} of {post.office_code}" for post in posts]
    return [
        *lines,
        f"  Without an authenticator, the current code: {site}/dev/totp/{posts[0].employee_id}",
    ]
