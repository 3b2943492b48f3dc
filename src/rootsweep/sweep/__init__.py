"""Accounts in, a run out: one row for every account in scope; prints nothing.

::

    gathered      evidence by account, as it is gathered
    saved         saved evidence, into what is gathered
    targets       an account and the ways into it
    ways          as the caller itself, by a root session, by a role
    own_account   the account of the caller's credentials, as a target
    access_plan   which ways are tried, decided once for all accounts
    listing       the accounts of an organization, or those that were named, as targets
    observing     one target: its sources read, live ones once more where a report shows what they do not
    engine        many targets at once: listing streams into reading
    judging       accounts and their evidence -> findings -> a run
"""
