"""``rootsweep demo``: the main job on what comes with rootsweep."""
