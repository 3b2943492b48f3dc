"""``rootsweep.toml``: where it is, what is in it, and on which line."""
