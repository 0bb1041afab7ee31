"""Login of consumers and staff: sessions, known phones, credentials, renewed authentication."""
