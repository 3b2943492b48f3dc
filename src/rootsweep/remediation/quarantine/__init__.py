"""A reversible test before a root key is deleted: a shared policy that denies the root user everything but root sessions.

::

    policy      the shared policy: its name, tag and content, and whether one that was found is it; pure
    accounts    which accounts of a plan it is attached to; pure
    history     what a journal says was attached, by whom, and what was there before; pure
    gateway     what the executors need of AWS, and no more
    preparing   what is checked first: the policy type, the policy itself
    placing     the executor that attaches it
    lifting     the executor that detaches it, exactly where it was attached
    results     what came of it, account by account
"""
