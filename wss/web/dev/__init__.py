"""Pages for development, absent in production."""
