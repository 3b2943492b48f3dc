"""The versions of the tables, each of which knows the one before it."""
