"""Scanners and crawlers against the own site on loopback, each proved by faults seeded in a weak application."""
