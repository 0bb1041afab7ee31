"""Who of the staff one can sign in as on a trial site; never in production."""

from wss.demo.staff_logins import enrol_posts, enrolled_posts

# Everybody may know them: the data is made up, and the site answers to its own machine only.
PASSWORD = "bijli-office-demo-2026"  # noqa: S105
TOTP_SECRET = "BIJLIDEMOBIJLIDEMOBIJLIDEMO23456"  # noqa: S105


def give_staff_logins() -> None:
    """Let a few posts sign in, unless somebody can already."""
    enrol_posts(PASSWORD, TOTP_SECRET)


def staff_logins(site: str) -> list[str]:
    """What one can try, for the terminal."""
    posts = enrolled_posts(TOTP_SECRET)
    if not posts:
        return []
    lines = [
        f"Demo staff at {site}/staff/login, password {PASSWORD}, key for an authenticator {TOTP_SECRET}:"
    ]
    lines += [f"  {post.employee_id}, {post.role.replace('_', ' ')} of {post.office_code}" for post in posts]
    return [
        *lines,
        f"  Without an authenticator, the code of the moment: {site}/dev/totp/{posts[0].employee_id}",
    ]
