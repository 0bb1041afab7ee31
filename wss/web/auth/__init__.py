"""Registering, signing in and out, and the ways back in."""

from wss.web.auth import changing, links, recovering, registering, second_proof
from wss.web.auth.views import auth

__all__ = ["auth", "changing", "links", "recovering", "registering", "second_proof"]
