"""``--config``, ``rootsweep config`` and ``rootsweep exception``: what stands in ``rootsweep.toml``."""
