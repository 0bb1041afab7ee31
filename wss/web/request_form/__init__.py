"""The form of a service request, filled in by the consumer, or by the help-desk for a caller."""
