"""Registration of a connection, and every way to get access back."""
