"""Where evidence comes from: one part per source; each yields ``Observed`` or ``Unavailable`` and judges nothing."""
