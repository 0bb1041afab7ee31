"""Scanners and crawlers against our own site on loopback; seeded faults of a weak application prove that each
works."""
