"""Removing root user access keys: what is recorded of it, so that a crash never leaves anyone guessing."""
