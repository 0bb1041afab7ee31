"""Sums and figures of the MIS."""
