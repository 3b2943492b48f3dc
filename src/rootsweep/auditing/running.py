"""An audit, from a request to its outcome: saved evidence, the caller's own accounts, named ones, an organization."""

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

from rootsweep.auditing.judging import Judging, SavedEvidence, gather_saved
from rootsweep.auditing.request import AuditRequest, Outcome
from rootsweep.core.finding import Finding
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import RejectedInput

if TYPE_CHECKING:
    from rootsweep.auditing.engine import Engine

_MOST_NAMED: Final = 5


class Progress(AbstractContextManager[Any], Protocol):
    """Shows how far a sweep has come, from entering to leaving it."""

    def found(self, finding: Finding, /) -> None:
        """Take note of a finding."""

    def tick(self, engine: "Engine", /) -> None:
        """Look at what the engine counts."""


class Unseen(nullcontext[None]):
    """Progress that nobody looks at."""

    def found(self, finding: Finding, /) -> None:
        """Take no note."""

    def tick(self, engine: "Engine", /) -> None:
        """Look at nothing."""


def _unheard(*_: object) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class AuditObserver:
    """Who hears of an audit while it goes on.

    ``progress`` shows how far a sweep has come; ``tell`` says a sentence to the person; ``on_finding`` and ``on_refusal`` hear
    each finding and each refused input as soon as there is one. ``await_input`` is called before standard input or a named pipe
    is read (``read_evidence``). Where ``keeps_checkpoint`` is False, a sweep keeps none.
    """

    progress: Progress
    tell: Callable[[str], None] = _unheard
    on_finding: Callable[[Finding], None] | None = None
    on_refusal: Callable[[RejectedInput], None] = _unheard
    await_input: Callable[[BinaryIO, str], None] | None = None
    keeps_checkpoint: bool = True


def run_audit(
    request: AuditRequest,
    observer: AuditObserver,
    local_clock: Callable[[], datetime],
    *,
    stdin: BinaryIO | None = None,
    session: Any = None,
) -> Outcome:
    """Audit what was asked for; ``stdin`` is what the path ``-`` stands for.

    ``session`` is a session of botocore or boto3 whose credentials, profile and Region are used in place of the environment's.
    Raises ``UsageError`` for a request that is invalid, ``CannotRunError`` when AWS does not tell who calls or lists
    nothing.
    """
    started_at = local_clock()
    saved = _read_saved(request, observer, stdin) if request.paths else SavedEvidence()
    if not request.asks_aws:
        run = Judging(request.rules, local_clock, saved, observer.on_finding).run(started_at, Scope(ScopeKind.FILES))
        return Outcome(run, is_usable=bool(saved.usable))
    # The SDK is slow to import, and saved evidence needs none.
    from rootsweep.auditing.workflow import audit_organization, audit_own_accounts  # noqa: PLC0415

    if request.is_sweep:
        return audit_organization(request, saved, local_clock, observer, session)
    return Outcome(audit_own_accounts(request, saved, local_clock, observer, session))


def _read_saved(request: AuditRequest, observer: AuditObserver, stdin: BinaryIO | None) -> SavedEvidence:
    # An audit of AWS alone does not wait for the readers of files.
    from rootsweep.auditing.sources.files import read_evidence  # noqa: PLC0415

    skipped: list[str] = []
    pieces = read_evidence(
        [*request.paths, *request.more_paths],
        account_ids=request.account_ids,
        stdin=io.BytesIO() if stdin is None else stdin,
        await_input=observer.await_input,
        on_skipped=skipped.append,
    )
    saved = gather_saved(pieces, request.account_ids, observer.on_refusal, request.excluded_ids)
    if skipped:
        observer.tell(_skipped(skipped))
    return saved


def _skipped(paths: Sequence[str]) -> str:
    named = ", ".join(paths[:_MOST_NAMED]) + (f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else "")
    return f"skipped {'a file that holds' if len(paths) == 1 else 'files that hold'} no evidence: {named}"
