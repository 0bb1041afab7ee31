"""What everybody may see."""

from wss.web.public import captchas, machines, unsubscribing
from wss.web.public.views import public

__all__ = ["captchas", "machines", "public", "unsubscribing"]
