"""Calls at the 1912 help-desk: opened with a reason, verified, and what an agent may do for the caller."""
