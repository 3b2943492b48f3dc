"""``rootsweep central-access``."""
