"""The version of rootsweep, for every room."""

__version__ = "0.1.0"
