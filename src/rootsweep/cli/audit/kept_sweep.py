"""What a sweep has read, kept on disk as it goes, so that ``--resume`` need not ask for it again."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rootsweep.checkpoint.file import Checkpoint
from rootsweep.checkpoint.identity import RunIdentity, default_path
from rootsweep.cli.audit.asked import Asked
from rootsweep.errors import OutputError, UsageError
from rootsweep.model.evidence import Evidence, Observed, Source
from rootsweep.model.organization import Account


class KeptSweep:
    """A sweep's checkpoint. Where none was named and none can be written, the sweep goes on without, and says so once."""

    def __init__(self, asked: Asked, identity: RunIdentity, now: datetime, tell: Callable[[str], None]) -> None:
        self._is_named = asked.checkpoint is not None
        self._path = Path(asked.checkpoint) if asked.checkpoint is not None else default_path(identity)
        self._tell = tell
        self._holds_something = asked.resume
        self._checkpoint: Checkpoint | None = None
        self._finished: Iterator[tuple[Account, tuple[Evidence, ...]]] = iter(())
        if asked.resume:
            self._checkpoint, _, self._finished = Checkpoint.resume(self._path, identity)
            return
        try:
            self._checkpoint = Checkpoint.begin(self._path, identity, now, replace=not self._is_named)
        except (OutputError, UsageError) as error:
            self._give_up(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._checkpoint is not None and error is not None:
            self.end(is_whole=not self._holds_something)

    def finished(self) -> Iterator[tuple[Account, tuple[Evidence, ...]]]:
        """Give the accounts that the run which is continued had read; raises ``UsageError`` for a file that is damaged."""
        yield from self._finished

    def add(self, account: Account, evidence: Sequence[Evidence]) -> None:
        """Keep an account of which something was read; of what could not be read, the next run asks again."""
        was_read = any(isinstance(piece, Observed) and piece.source is not Source.CALLER_IDENTITY for piece in evidence)
        if self._checkpoint is None or not was_read:
            return
        try:
            self._checkpoint.add(account, evidence)
            self._holds_something = True
        except OutputError as error:
            self._give_up(error)

    def end(self, *, is_whole: bool) -> None:
        """Forget a run that came to its end; keep any other, and say how it is continued."""
        if self._checkpoint is None:
            return
        if is_whole:
            self._checkpoint.finish()
            self._checkpoint = None
        else:
            self._checkpoint.close()
            self._checkpoint = None
            self._tell(f"what was read is kept in {self._path}; the same command with --resume continues")

    def _give_up(self, error: OutputError | UsageError) -> None:
        if self._is_named:
            raise error
        self._checkpoint = None
        self._tell(f"this sweep cannot be continued if it breaks off: {error}; name another file with --checkpoint")
