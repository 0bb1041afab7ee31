"""The business rules as pure functions and data: no web, no database, no clock."""
