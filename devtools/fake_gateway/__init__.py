"""Fake SMS gateway and mail server on the loopback; they deliver nothing and simulate failures."""
