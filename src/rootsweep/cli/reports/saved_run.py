"""A run that an earlier audit saved, for the commands that go on from it."""

from rootsweep.cli.output import STANDARD_OUTPUT
from rootsweep.cli.waiting import opened_input, read_standard_input
from rootsweep.errors import UsageError
from rootsweep.model.run import Run

STANDARD_INPUT = STANDARD_OUTPUT
"""The same sign stands for either."""


def load_run(path: str) -> Run:
    """Read what ``rootsweep audit --format json`` wrote to a file, or to standard input for ``-``.

    Raises ``UsageError`` when it cannot be read, or is no such run.
    """
    from rootsweep.reports.run_of_contract import read_run  # noqa: PLC0415  msgspec is not needed for a fresh audit

    try:
        content = read_standard_input() if path == STANDARD_INPUT else _read(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name a run that was saved") from error
    run = read_run(content)
    if run is None:
        raise UsageError(f"{path} is not a run of this version", "save one with `rootsweep audit --format json --output FILE`")
    return run


def _read(path: str) -> bytes:
    with opened_input(path) as stream:
        return stream.read()
