"""Values, and decisions about them: no clock, no file, no network, no environment; the standard library alone.

::

    organization, evidence, finding, run   what every other room speaks in
    key_answer                             what is known of one access key id
    controls                               the control: its text in our words, its number in each framework version
    policies                               the policies and the role that rootsweep needs, or recommends
    parsing                                AWS's documents, wherever their bytes came from
    judging                                evidence -> a verdict -> a finding
    coverage                               the accounts that could not be read, and what would open each
    removal                                a run -> a plan; what a journal holds
    history                                what has changed between runs
"""
