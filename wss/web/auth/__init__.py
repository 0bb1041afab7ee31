"""Registering, signing in and out."""

from wss.web.auth import registering
from wss.web.auth.views import auth

__all__ = ["auth", "registering"]
