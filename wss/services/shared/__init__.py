"""Steps that several subjects share; they run in the caller's transaction."""
