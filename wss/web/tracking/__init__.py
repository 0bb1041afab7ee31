"""How a complaint stands, for whoever holds its number or its SMS, without signing in."""

from wss.web.tracking import answer_link, confirming, disputing, sending_in
from wss.web.tracking.views import tracking

__all__ = ["answer_link", "confirming", "disputing", "sending_in", "tracking"]
