"""The migrations of the database, run by `flask db upgrade`; README.md has the rules."""
