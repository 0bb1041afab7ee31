"""What everybody may see."""

from wss.web.public import captchas, unsubscribing
from wss.web.public.views import public

__all__ = ["captchas", "public", "unsubscribing"]
