"""Login of consumers and staff: sessions, known phones, credentials, reauthentication."""
