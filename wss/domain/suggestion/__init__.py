"""What a disputed bill should be, by the reading that the consumer gave: a verdict with its reasons."""
