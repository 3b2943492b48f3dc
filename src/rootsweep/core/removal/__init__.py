"""Removing root keys, as values and decisions: the plan, the order of self-removal, quarantine, central access, the journal."""
