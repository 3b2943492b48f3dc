"""``rootsweep self-remove``."""
