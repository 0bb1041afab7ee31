"""The purposes for which an officer may see a consumer's whole mobile number.

They are codes, which the consumer reads as words.
"""

REASONS = ("call_consumer", "arrange_visit", "check_caller")
