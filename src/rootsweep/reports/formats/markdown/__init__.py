"""``--format markdown`` and its parts."""
