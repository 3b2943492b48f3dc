"""``rootsweep history``, and the run that an audit leaves in it."""
