"""Registering, signing in and out."""
