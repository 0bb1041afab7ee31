"""Claims to a connection that is registered to another consumer."""
