"""``rootsweep plan``, ``rehearse`` and ``apply``: from what an audit saw to keys that are gone."""
