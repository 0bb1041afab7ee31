"""Work beside the requests of users: housekeeping, chaining of the audit trail, counts of browser reports."""
