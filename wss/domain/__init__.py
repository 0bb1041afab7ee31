"""The office's rules, pure: no web, no database, no clock."""
