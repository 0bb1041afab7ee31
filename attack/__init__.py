"""Scanners and crawlers against our own site on loopback; faults seeded in a weak application prove that each
works."""
