"""The pages of a complaint by its number or a link of an SMS, without login."""

from wss.web.tracking import answer_link, dispute_link, document_link, reading_link, resolution_link
from wss.web.tracking.views import tracking

__all__ = ["answer_link", "dispute_link", "document_link", "reading_link", "resolution_link", "tracking"]
