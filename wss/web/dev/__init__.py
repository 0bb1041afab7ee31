"""Parts for trying, absent in production."""
