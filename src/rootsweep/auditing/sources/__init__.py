"""Where evidence comes from: each source yields ``Observed`` or ``Unavailable`` and judges nothing.

::

    live        AWS's answers, and which of them each route into an account reads
    inventory   the accounts of an organization
    files       saved evidence
"""
