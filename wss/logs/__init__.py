"""Logs of every process: the format of a line, the request that it belongs to, and outages."""
