"""The form of a service request, whoever fills it in: the consumer themselves, or the help-desk for a caller."""
