"""Calls at the 1912 help-desk: opened with a reason, verified, and what an employee may do for the caller."""
