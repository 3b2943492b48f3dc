"""What stays on disk: one process at a time writes a file, and a crash loses at most what was not yet written.

::

    append_only                        a file that is only appended to, locked by its writer
    checkpoint, checkpoint_lines       the finished accounts of a sweep, for ``--resume``
    run_identity                       what must be equal for a sweep to be resumed, and where its checkpoint is
    journal, journal_lines             every intent before AWS is asked, every outcome; a chain of hashes
    plan_file                          ``rootsweep.plan/1``, and the digest that binds it
    history                            what every audit found, in a database; the only SQL

Nothing here holds a secret, because the values of ``core`` hold none.
"""
