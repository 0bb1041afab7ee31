"""Claims to a connection that somebody else has registered."""
