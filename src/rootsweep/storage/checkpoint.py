"""The file in which a run keeps what it has finished, written and resumed."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from rootsweep.core.evidence import Evidence
from rootsweep.core.organization import Account
from rootsweep.errors import OutputError, UsageError
from rootsweep.storage.append_only import AppendOnlyFile
from rootsweep.storage.checkpoint_lines import account_of, format_of, line_of_account, line_of_run, run_of
from rootsweep.storage.run_identity import FORMAT, RunIdentity

_PURPOSE: Final = "a file for the checkpoint"


class Checkpoint:
    """The finished accounts of one run, in a file that only its owner may read and that one process at a time may write.

    Every method raises ``OutputError`` when the file cannot be written. For one thread alone.
    """

    __slots__ = ("_file", "_torn", "damaged")

    def __init__(self, file: AppendOnlyFile) -> None:
        self._file = file
        self._torn = False
        self.damaged = 0

    @classmethod
    def begin(cls, path: Path, identity: RunIdentity, started_at: datetime, *, replace: bool = False) -> "Checkpoint":
        """Begin a run in a new file, in folders that are made where they are missing; ``started_at`` is aware, in UTC.

        Raises ``UsageError`` when the file keeps an unfinished run and ``replace`` does not give it up, or when another process
        is writing it.
        """
        with _output_errors(path), ExitStack() as on_failure:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = AppendOnlyFile.open(path, _PURPOSE, creates=True)
            on_failure.enter_context(file.file)
            if replace:
                file.cut_off_the_rest()
            if os.fstat(file.file.fileno()).st_size:
                raise UsageError(
                    f"an unfinished run is kept in {path}", "resume it with --resume, or delete the file to start again"
                )
            on_failure.callback(path.unlink)
            checkpoint = cls(file)
            checkpoint._append(line_of_run(identity, started_at))
            on_failure.pop_all()
        return checkpoint

    @classmethod
    def resume(
        cls, path: Path, identity: RunIdentity
    ) -> tuple["Checkpoint", datetime, Iterator[tuple[Account, tuple[Evidence, ...]]]] | None:
        """Continue a run: the checkpoint, when the run was first begun, and its finished accounts, each once; None for no run.

        Accounts are read as they are asked for, and may be added meanwhile. A last line that a crash cut off is dropped, and so
        is a damaged one, which ``damaged`` counts.

        Raises ``UsageError`` when the file is no checkpoint, of another version or identity, or written by another process; the
        iterator does for an account that comes twice.
        """
        with _output_errors(path), ExitStack() as on_failure:
            if not path.exists() or (path.is_file() and not path.stat().st_size):
                return None
            file = AppendOnlyFile.open(path, _PURPOSE, creates=False)
            on_failure.enter_context(file.file)
            with path.open("rb") as stream:
                first_line = stream.readline()
                begun_at = start_of_run(first_line, identity, path)
                file.size = len(first_line) + end_of_last_line(stream)
            file.cut_off_the_rest()
            on_failure.pop_all()
        checkpoint = cls(file)
        return checkpoint, begun_at, checkpoint._finished(file.size)

    def add(self, account: Account, evidence: Sequence[Evidence]) -> None:
        """Keep a finished account: what ``add`` has written outlasts the process, even one that is killed.

        An account whose text no JSON can carry is left out, and so is asked again by a run that continues this one.
        """
        try:
            line = line_of_account(account, evidence)
        except UnicodeEncodeError:
            return
        self._append(line)

    def finish(self) -> None:
        """Remove the file: the run has ended and there is nothing to continue."""
        with _output_errors(self._file.path), self._file.file:
            if sys.platform == "win32":  # which removes no open file; elsewhere the lock is held until it is gone
                self._file.file.close()
            self._file.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Bring the file to the disk and keep it, so that the run can be continued; does nothing a second time."""
        if self._file.file.closed:
            return
        with _output_errors(self._file.path), self._file.file:
            self._file.sync()

    def _finished(self, end: int) -> Iterator[tuple[Account, tuple[Evidence, ...]]]:
        with _output_errors(self._file.path):
            for finished in finished_accounts(self._file.path, end):
                if finished is None:
                    self.damaged += 1
                else:
                    yield finished

    def _append(self, line: bytes) -> None:
        """Write a line after the last whole one; what a write that failed or was interrupted has left is cut off first."""
        with _output_errors(self._file.path):
            if self._torn:
                self._file.cut_off_the_rest()
            self._torn = True
            self._file.append(line)
        self._torn = False


@contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into ``OutputError``."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot keep the progress of the run in {path}: {error.strerror}",
            "free some space there, or name a path that can be written",
        ) from error


# What a checkpoint holds: whose run it is, and the accounts that were finished.
#
# A line is whole when it ends; the part of a line that a crash left at the end of the file is as if it had never been
# written.

_FORMAT_OF_ANY_VERSION: Final = FORMAT.partition("/")[0] + "/"
_CHUNK: Final = 1 << 20
_START_ANEW: Final = "delete the file to start again"


def start_of_run(first_line: bytes, identity: RunIdentity, path: Path) -> datetime:
    """Return the time at which the run was begun.

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
    """Return the size in bytes of all whole lines from where ``stream`` stands, which is left at its end."""
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
