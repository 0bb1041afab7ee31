"""Functions that several service packages share; they run in the caller's transaction."""
