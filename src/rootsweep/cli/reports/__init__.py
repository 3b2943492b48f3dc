"""The reports of a run: in which formats and where to, and ``rootsweep report``, which shows a saved run."""
