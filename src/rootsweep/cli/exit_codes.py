"""The exit codes: public, the same for every format; docs/exit-codes.md explains each."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a run of rootsweep ends with."""

    PROVEN = 0
    NON_COMPLIANT = 1
    USAGE = 2
    NOT_PROVEN = 3
    CANNOT_RUN = 4
    REMEDIATION_INCOMPLETE = 5
    INTERNAL_ERROR = 70
    INTERRUPTED = 130
