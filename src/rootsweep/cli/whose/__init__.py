"""``rootsweep whose``."""
