"""Registering, signing in and out, and the ways back in."""

from wss.web.auth import changing, recovering, registering
from wss.web.auth.views import auth

__all__ = ["auth", "changing", "recovering", "registering"]
