"""Frozen values that every other part of rootsweep speaks in; standard library only."""
