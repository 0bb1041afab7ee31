"""Bills that consumers generate from their own readings."""
