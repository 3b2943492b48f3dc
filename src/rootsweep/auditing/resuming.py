"""What a sweep has read, kept on disk as it goes, so that ``--resume`` need not ask for it again."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rootsweep.auditing.request import AuditRequest
from rootsweep.core.evidence import Evidence, Observed, Source
from rootsweep.core.organization import Account
from rootsweep.errors import OutputError, UsageError
from rootsweep.storage.checkpoint import Checkpoint
from rootsweep.storage.run_identity import RunIdentity, default_path


class ResumableSweep:
    """A sweep's checkpoint. Where it cannot be written any more, the sweep goes on without, and says so once.

    Raises ``OutputError`` or ``UsageError`` at once where a file that was named cannot be begun or continued.
    """

    def __init__(self, request: AuditRequest, identity: RunIdentity, now: datetime, tell: Callable[[str], None]) -> None:
        self._is_named = request.checkpoint is not None
        self._path = Path(request.checkpoint) if request.checkpoint is not None else default_path(identity)
        self._tell = tell
        self._holds_something = False
        self._is_full = False
        self._checkpoint: Checkpoint | None = None
        self._finished: Iterator[tuple[Account, tuple[Evidence, ...]]] = iter(())
        resumed = Checkpoint.resume(self._path, identity) if request.resume else None
        if resumed is not None:
            self._holds_something = True
            self._checkpoint, _, self._finished = resumed
            return
        if request.resume:
            tell(f"there is no sweep to resume in {self._path}; a new one begins")
        try:
            self._checkpoint = Checkpoint.begin(self._path, identity, now, replace=not self._is_named)
        except (OutputError, UsageError) as error:
            if self._is_named:
                raise
            tell(f"this sweep cannot be continued if it breaks off: {error}; name another file with --checkpoint")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._checkpoint is not None and error is not None:
            self.end(is_complete=not self._holds_something)

    def finished(self) -> Iterator[tuple[Account, tuple[Evidence, ...]]]:
        """Return the accounts that the run which is continued had read; what cannot be read of it is asked for again.

        Raises ``UsageError`` where two runs are mixed in the file.
        """
        try:
            yield from self._finished
        except OutputError as error:
            self._tell(f"{error}; accounts that are missing from it are read again")
        damaged = 0 if self._checkpoint is None else self._checkpoint.damaged
        if damaged:
            self._tell(f"{damaged} line{'s'[: damaged > 1]} of {self._path} cannot be used; the accounts there are read again")

    def add(self, account: Account, evidence: Sequence[Evidence]) -> None:
        """Keep an account of which something was read; of what could not be read, the next run asks again."""
        was_read = any(isinstance(piece, Observed) and piece.source is not Source.CALLER_IDENTITY for piece in evidence)
        if self._checkpoint is None or self._is_full or not was_read:
            return
        try:
            self._checkpoint.add(account, evidence)
            self._holds_something = True
        except OutputError as error:
            self._is_full = True
            self._tell(f"what is read from here on is not kept for --resume: {error}; {error.advice}")

    def end(self, *, is_complete: bool) -> str | None:
        """Forget a run that came to its end; keep any other, and return the path of its checkpoint."""
        if self._checkpoint is None:
            return None
        checkpoint, self._checkpoint = self._checkpoint, None
        try:
            if is_complete:
                checkpoint.finish()
                return None
            checkpoint.close()
        except OutputError as error:
            self._tell(f"{error}; the result of the sweep is not affected")
            return None
        return str(self._path)
