"""What everybody may see."""

from wss.web.public import captchas
from wss.web.public.views import public

__all__ = ["captchas", "public"]
