"""A request becomes a run: one row for every account in scope. Prints nothing and knows no command line.

::

    request     what is asked for, and whether it makes sense
    workflow    the audit of the caller's account, of an organization, of saved evidence
    access      the routes into an account, and which of them are tried
    targets     the accounts of an organization, or those that were named
    engine      many accounts at once, each source read, live ones once more where a report contradicts them
    judging     accounts and their evidence -> findings -> a run
    resuming    what an interrupted sweep left, and what this one leaves
    key_lists   the root keys of named accounts, and nothing else of these
    sources     where evidence comes from: AWS, and files
"""
