"""A consumer's decisions about their data: settings, export, erasure."""
