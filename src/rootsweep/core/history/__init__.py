"""What was recorded of earlier runs, and what has changed since."""
