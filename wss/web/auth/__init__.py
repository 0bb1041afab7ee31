"""Registration, login and logout, and account recovery."""

from wss.web.auth import extra_otp, links, mobile_change, recovery, registration, shared_phone
from wss.web.auth.views import auth

__all__ = ["auth", "extra_otp", "links", "mobile_change", "recovery", "registration", "shared_phone"]
