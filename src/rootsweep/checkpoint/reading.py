"""What a checkpoint holds: whose run it is, and the accounts that were finished.

A line is whole when it ends; the part of a line that a crash left at the end of the file is as if it had never been written.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from rootsweep.checkpoint.conversion import account_of, format_of, run_of
from rootsweep.checkpoint.identity import FORMAT, RunIdentity
from rootsweep.errors import UsageError
from rootsweep.model.evidence import Evidence
from rootsweep.model.organization import Account

_FORMAT_OF_ANY_VERSION: Final = FORMAT.partition("/")[0] + "/"
_CHUNK: Final = 1 << 20
_START_ANEW: Final = "delete the file to start anew"


def start_of_run(first_line: bytes, identity: RunIdentity, path: Path) -> datetime:
    """Give the time at which the run was begun.

    Raises ``UsageError`` for a line that begins no checkpoint, one of another version, and the run of another identity.
    """
    _check_format(first_line, path)
    try:
        its_identity, its_start = run_of(first_line)
    except ValueError as error:
        raise UsageError(f"{path} is damaged in line 1", _START_ANEW) from error
    if its_identity != identity:
        raise UsageError(
            f"{path} keeps another run: {'; '.join(_differences(its_identity, identity))}",
            f"repeat the command as it was first given, or {_START_ANEW}",
        )
    return its_start


def end_of_last_line(stream: BinaryIO) -> int:
    """Give the size in bytes of all whole lines from where ``stream`` stands, which is left at its end."""
    end = size = 0
    for chunk in iter(partial(stream.read, _CHUNK), b""):
        if b"\n" in chunk:
            end = size + chunk.rindex(b"\n") + 1
        size += len(chunk)
    return end


def finished_accounts(path: Path, end: int) -> Iterator[tuple[Account, tuple[Evidence, ...]] | None]:
    """Read the finished accounts one by one, each once, in the order of the file and as far as byte ``end``.

    Gives None for a damaged line, whose account has to be read again. Raises ``UsageError`` for an account that comes a second
    time: two runs were mixed.
    """
    seen: set[str] = set()
    with path.open("rb") as stream:
        position = len(stream.readline())
        for number, line in enumerate(stream, start=2):
            position += len(line)
            if position > end:
                return
            try:
                account, evidence = account_of(line)
            except ValueError:
                yield None
                continue
            if account.id in seen:
                raise UsageError(f"{path} holds account {account.id} twice, again in line {number}", _START_ANEW)
            seen.add(account.id)
            yield account, evidence


def _check_format(first_line: bytes, path: Path) -> None:
    try:
        its_format = format_of(first_line) if first_line.endswith(b"\n") else ""
    except ValueError:
        its_format = ""
    if not its_format.startswith(_FORMAT_OF_ANY_VERSION):
        raise UsageError(f"{path} is not a checkpoint of rootsweep", "name the file that an interrupted run has left")
    if its_format != FORMAT:
        raise UsageError(
            f"{path} is a checkpoint of another version of rootsweep: its format is {its_format}, not {FORMAT}",
            f"continue it with the version that wrote it, or {_START_ANEW}",
        )


def _differences(kept: RunIdentity, asked: RunIdentity) -> Iterator[str]:
    """Name what differs between two identities."""
    if kept.organization_id != asked.organization_id:
        yield f"it is of organization {kept.organization_id or '(none)'}, not {asked.organization_id or '(none)'}"
    if kept.caller_account_id != asked.caller_account_id:
        yield f"account {kept.caller_account_id} was the caller, not {asked.caller_account_id}"
    if kept.scope != asked.scope:
        yield "its scope or options were others"
