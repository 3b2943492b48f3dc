"""``rootsweep quarantine``."""
