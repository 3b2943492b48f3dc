"""``--format ocsf``: events of the Open Cybersecurity Schema Framework."""
