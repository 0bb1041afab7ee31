"""Calls at the 1912 help-desk: opened with a reason, verified, and the actions of an agent for the caller."""
