"""``rootsweep.toml``: where it is, what is in it, on which line; and the exceptions in it."""
