"""Public pages."""

from wss.web.public import captchas, unsubscribe, well_known
from wss.web.public.views import public

__all__ = ["captchas", "public", "unsubscribe", "well_known"]
