"""Extracts and reference tables: imported by the command line, changed by administrators."""
