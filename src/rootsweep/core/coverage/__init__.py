"""The accounts that could not be read, grouped by the one change that would open each."""
