"""Accounts in, a run out: one row for every account in scope; prints nothing.

::

    gathered    evidence by account, as it is gathered
    saved       saved evidence, into what is gathered
    own_account the account of the caller's credentials, as a target
    targets     an account and the readings that it needs
    observing   one target: its sources read side by side, live ones once more where a report shows what they do not
    judging     accounts and their evidence -> a run
"""
