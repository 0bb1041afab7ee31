"""Ends a consumer's sessions, and forgets the browsers that are known to them, in one step."""

from wss.queries.consumers import forget_browsers_of
from wss.queries.sessions import delete_other_sessions


def end_sessions(consumer_id: int, but: str = "") -> None:
    """End the consumer's sessions but the one with this hash, and forget every known browser.

    Whoever had to be signed out may still hold a browser that has logged in before: it must not go on drawing on the
    codes, letters and tries that are kept for known browsers. Nothing else ends sessions of a consumer, but for
    logging out and erasure, whose statement does the same. The web makes the browser that stays known again.
    """
    delete_other_sessions(consumer_id, but)
    forget_browsers_of(consumer_id)
