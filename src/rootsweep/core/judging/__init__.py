"""Evidence of an account -> its verdict, by the table in docs/verdicts.md -> a finding that a person reads.

::

    resolution         which piece of evidence stands where a source gave several
    verdict            the table
    messages           one text for each reason and warning, and the next step
    exceptions         which exceptions apply to a finding, and why others are void
    assess             all of it together: the finding
    known_root_keys    what a run, or AWS, tells of the root keys of an account
    key_lookup         whether an access key id is a root key
"""
