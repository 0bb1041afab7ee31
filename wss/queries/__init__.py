"""Every SQL statement: reads are nouns, single-statement writes are verbs."""
