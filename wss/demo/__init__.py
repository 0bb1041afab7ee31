"""Demo data: synthetic extracts, simulated requests, demo logins."""
