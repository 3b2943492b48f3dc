"""Executors: look, record the intent, act, verify, record the outcome; so that a crash never leaves anyone guessing.

::

    ports                          what the executors need of AWS, and no more
    root_keys                      rehearse and apply a plan
    self_removal                   the root user removes its own keys
    quarantine, quarantine_journal a policy that stops a root key before it is deleted
    central_access                 centralized root access, turned on
    on_aws                         the ports, on AWS
"""
