"""Ends a consumer's sessions and forgets their known browsers in one step."""

from wss.queries.consumers import forget_browsers_of
from wss.queries.sessions import delete_other_sessions


def end_sessions(consumer_id: int, but: str = "") -> None:
    """End the consumer's sessions except the one with this hash, and forget every known browser.

    A person who had to be logged out may still have a browser that has logged in before; it must not use the
    codes, letters and attempts reserved for known browsers. Sessions of a consumer are otherwise ended only by
    logout and by erasure, whose statement does the same. The web layer makes the remaining browser known again.
    """
    delete_other_sessions(consumer_id, but)
    forget_browsers_of(consumer_id)
