"""Every SQL statement of the project. Reads are named by nouns, single-statement writes by verbs."""
