"""``--send``: who is told what an audit found."""
