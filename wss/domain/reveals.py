"""The purposes for which an officer may ask to see a consumer's whole mobile number: codes, which the consumer
reads as words."""

REASONS = ("call_consumer", "arrange_visit", "check_caller")
