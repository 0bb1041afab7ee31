"""Background work: housekeeping, chaining of the audit trail, counts of browser reports."""
