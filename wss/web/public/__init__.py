"""Public pages."""

from wss.web.public import calculator, captchas, leaflet, unsubscribe, well_known
from wss.web.public.views import public

__all__ = ["calculator", "captchas", "leaflet", "public", "unsubscribe", "well_known"]
