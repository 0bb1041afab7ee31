"""Service requests from the form to the end: submission, transitions, escalation, expiry, disputes, tracking."""
