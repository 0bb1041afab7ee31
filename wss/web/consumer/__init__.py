"""The pages of a signed-in consumer."""
