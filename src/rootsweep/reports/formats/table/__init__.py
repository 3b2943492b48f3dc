"""``--format table``: for a person at a terminal."""
