"""The errors that rootsweep raises on purpose; each tells a person what to do next.

::

    RootsweepError
    ├── UsageError              the command line or a setting is invalid (exit code 2)
    ├── CannotRunError          no credentials, no network, no permission to list (exit code 4)
    ├── OutputError             a result could not be written (exit code 4)
    └── InputRefusedError       a file, or a part of one, that is not evidence
"""


class RootsweepError(Exception):
    """The root of the tree: ``str()`` is one sentence on what is wrong and where, ``advice`` says what to do next."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class UsageError(RootsweepError):
    """The command line or a setting is invalid."""


class CannotRunError(RootsweepError):
    """The audit could not start: no credentials, no network, or no permission to list."""


class OutputError(RootsweepError):
    """A result could not be written."""


class InputRefusedError(RootsweepError):
    """A file, or a part of one, that is not evidence; ``line`` counts from 1."""

    def __init__(self, message: str, advice: str, line: int | None = None) -> None:
        super().__init__(message, advice)
        self.line = line
