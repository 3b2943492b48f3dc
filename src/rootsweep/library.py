"""rootsweep for Python programs: what the commands run, as functions; ``import rootsweep`` names them all.

Every argument is given by its name. Whatever goes wrong is raised as a ``RootsweepError``, whose ``advice`` says what to do.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TextIO

from rootsweep.auditing.request import DEFAULTS, AuditRequest
from rootsweep.auditing.running import AuditObserver, Unseen, run_audit
from rootsweep.core.controls import DEFAULT_REFERENCE, find_reference
from rootsweep.core.finding import ExceptionRule, Finding
from rootsweep.core.history.recorded import Drift
from rootsweep.core.judging.verdict import InactiveKeys
from rootsweep.core.removal.plan import Guards, Plan
from rootsweep.core.run import RejectedInput, Run
from rootsweep.errors import InputRefusedError, UsageError

_ACCOUNT_DIGITS: Final = 12
_TOLERATED_SKEW: Final = timedelta(minutes=5)
_WIDTH: Final = 120
_ACCESSES: Final = ("auto", "own", "root-session", "role")
_INACTIVE_KEYS: Final = tuple(choice.value for choice in InactiveKeys)

OnFinding = Callable[[Finding], None]
OnRefusal = Callable[[RejectedInput], None]


def audit_files(  # noqa: PLR0913  one argument an option of the command
    *,
    paths: Iterable[str | Path],
    accounts: Iterable[str] = (),
    exclude: Iterable[str] = (),
    inactive_keys: str = DEFAULTS.inactive_keys,
    max_age: timedelta | None = None,
    exceptions: Iterable[ExceptionRule] = (),
    on_finding: OnFinding | None = None,
    on_refusal: OnRefusal | None = None,
) -> Run:
    """Judge saved evidence, as ``rootsweep audit --from`` does; nothing is asked of AWS.

    ``paths`` are files and folders, ``accounts`` and ``exclude`` ids of 12 digits, ``inactive_keys`` is "fail" or "allow".
    ``on_finding`` and ``on_refusal`` hear each finding and each refused input as soon as there is one. Raises
    ``InputRefusedError`` where nothing of it is usable evidence, ``UsageError`` for arguments that make no sense.
    """
    request = _request(
        paths=tuple(map(str, paths)),
        account_ids=_account_ids(accounts, "accounts"),
        excluded_ids=_account_ids(exclude, "exclude"),
        inactive_keys=_one_of(inactive_keys, _INACTIVE_KEYS, "inactive_keys"),
        max_age=max_age,
        exceptions=tuple(exceptions),
    )
    if not request.paths:
        raise UsageError("no path is given", "name files or folders with paths")
    outcome = run_audit(request, _observer(on_finding, on_refusal), _now)
    if not outcome.is_usable:
        raise InputRefusedError("none of the inputs is usable evidence", "pass credential reports or account summaries")
    return outcome.run


def audit(  # noqa: PLR0913  one argument an option of the command
    *,
    session: Any = None,
    profile: str | None = None,
    region: str | None = None,
    organization: bool = False,
    accounts: Iterable[str] = (),
    units: Iterable[str] = (),
    tags: Iterable[tuple[str, str]] = (),
    exclude: Iterable[str] = (),
    access: str | None = None,
    role_name: str | None = None,
    external_id: str | None = None,
    paths: Iterable[str | Path] = (),
    timeout: timedelta = DEFAULTS.timeout,
    workers: int = DEFAULTS.workers,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    inactive_keys: str = DEFAULTS.inactive_keys,
    max_age: timedelta | None = None,
    exceptions: Iterable[ExceptionRule] = (),
    on_finding: OnFinding | None = None,
    on_refusal: OnRefusal | None = None,
    on_message: Callable[[str], None] | None = None,
) -> Run:
    """Ask AWS, as ``rootsweep audit`` does: for the account of the credentials, for ``accounts``, or for an organization.

    ``session`` is a session of botocore or boto3: its credentials, profile and Region are used, and it is not changed; without
    one they are found as every AWS tool finds them. The other arguments are the options of the command; ``paths`` are saved
    evidence to judge beside what AWS answers. A sweep keeps a checkpoint only where ``checkpoint`` names its file.
    ``on_message`` hears what the command would say on standard error.

    An account that could not be read is a finding, INSUFFICIENT_DATA, and an organization that could not be listed whole makes
    ``run.scope.complete`` False; so does an interruption. Raises ``UsageError`` for arguments that make no sense and for a
    scope without accounts, ``CannotRunError`` when AWS does not tell who calls or lists nothing.
    """
    if session is not None and profile is not None:
        raise UsageError("session and profile both say whose credentials to use", "give one of them")
    if resume and checkpoint is None:
        raise UsageError("resume continues a checkpoint", "name its file with checkpoint")
    if timeout <= timedelta(0) or workers < 1:
        raise UsageError("timeout and workers are above zero", "leave them out for the defaults")
    files = tuple(map(str, paths))
    reads_aws_too = access is None and not organization and role_name is None and bool(files)
    request = _request(
        paths=files,
        organization=organization,
        account_ids=_account_ids(accounts, "accounts"),
        units=tuple(units),
        tags=tuple((key, value) for key, value in tags),
        excluded_ids=_account_ids(exclude, "exclude"),
        access="own" if reads_aws_too else None if access is None else _one_of(access, _ACCESSES, "access"),
        role_name=role_name,
        external_id=external_id,
        profiles=() if profile is None else (profile,),
        region=region,
        timeout=timeout,
        workers=workers,
        checkpoint=None if checkpoint is None else str(checkpoint),
        resume=resume,
        inactive_keys=_one_of(inactive_keys, _INACTIVE_KEYS, "inactive_keys"),
        max_age=max_age,
        exceptions=tuple(exceptions),
    )
    observer = _observer(on_finding, on_refusal, on_message, keeps_checkpoint=checkpoint is not None)
    return run_audit(request, observer, _now, session=session).run


def read(*, path: str | Path) -> Run:
    """Read a run that ``rootsweep audit --format json`` or ``write`` saved; raises ``UsageError`` where it is none."""
    from rootsweep.reports.contracts.audit_v1_read import read_run  # noqa: PLC0415  msgspec is not needed for an audit

    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        raise UsageError(f"cannot read {path}: {reason}", "name a run that was saved") from error
    run = read_run(content)
    if run is None:
        raise UsageError(f"{path} is not a run of this version", 'save one with write(run=..., path=..., format="json")')
    return run


def write(
    *,
    run: Run,
    path: str | Path | None = None,
    stream: TextIO | None = None,
    format: str = "json",  # noqa: A002  the name of the command's option
    framework: str | None = None,
) -> None:
    """Write a run in one of the formats of ``rootsweep audit``: to a file, whole or not at all, or to a stream of text.

    ``framework`` is as in ``--framework``. Raises ``UsageError`` for a format or a framework that there is not, ``OutputError``
    where the file or the stream cannot be written.
    """
    from rootsweep.reports.registry import FORMATS, Presentation, RenderOptions, render  # noqa: PLC0415  the same
    from rootsweep.storage.whole_file import written_whole  # noqa: PLC0415  the same

    name = _one_of(format, tuple(FORMATS), "format")
    reference = DEFAULT_REFERENCE if framework is None else find_reference(framework)
    if reference is None:
        raise UsageError(f"{framework!r} is no framework that has the control", "rootsweep explain lists them")
    options = RenderOptions(width=_WIDTH, colour=False, unicode=True, presentation=Presentation(reference))
    if (path is None) == (stream is None):
        raise UsageError("a run is written to a path or to a stream", "give one of them")
    if stream is not None:
        _render(lambda target: render(name, run, target, options), stream)
    elif path is not None:
        with written_whole(Path(path)) as file:
            render(name, run, file, options)


def _render(render: Callable[[TextIO], None], stream: TextIO) -> None:
    from rootsweep.errors import OutputError  # noqa: PLC0415  one place

    try:
        render(stream)
    except (OSError, ValueError) as error:  # a closed stream is a ValueError
        raise OutputError(f"the stream cannot be written: {error}", "give one that is open for text") from error


def plan(*, run: Run, guards: Guards | None = None, now: datetime | None = None) -> Plan:
    """Plan the removal of the root keys that a run shows, as ``rootsweep plan`` does; nothing is changed in AWS.

    ``guards`` say what holds a key back; ``now`` is aware, by default the present. Raises ``UsageError`` for a run of the
    future, whose keys would look younger than they are, and for a time without a zone.
    """
    from rootsweep.core.removal.planning import make_plan  # noqa: PLC0415  no audit needs it

    at = _now() if now is None else now
    if at.tzinfo is None:
        raise UsageError("now has no time zone", "give an aware time, such as datetime.now(UTC)")
    if run.finished_at - at > _TOLERATED_SKEW:
        raise UsageError(f"the run ended at {run.finished_at:%Y-%m-%d %H:%M} UTC, which is yet to come", "set the clock")
    return make_plan(run, Guards() if guards is None else guards, at.astimezone(UTC))


def compare(*, before: Run | None, after: Run) -> Drift:
    """Tell what has changed from one run to the next of the same scope; without ``before`` every non-compliance is new.

    Raises ``UsageError`` for runs of different scopes, or in the wrong order.
    """
    from rootsweep.core.history.drift import compare as compare_recorded  # noqa: PLC0415  no audit needs it
    from rootsweep.storage.history.recording import record, scope_of  # noqa: PLC0415  the same

    if before is not None and scope_of(before, "") != scope_of(after, ""):
        raise UsageError("the runs are of different scopes", "compare two runs of one organization, or of the same accounts")
    if before is not None and before.finished_at > after.finished_at:
        raise UsageError("the run before ended after the other", "give the earlier one as before")
    return compare_recorded(None if before is None else record(before, ""), record(after, ""))


def _observer(
    on_finding: OnFinding | None,
    on_refusal: OnRefusal | None,
    on_message: Callable[[str], None] | None = None,
    *,
    keeps_checkpoint: bool = False,
) -> AuditObserver:
    return AuditObserver(Unseen(), on_message or _ignore, on_finding, on_refusal or _ignore, keeps_checkpoint=keeps_checkpoint)


def _ignore(_: object) -> None:
    """Hear nothing."""


def _request(**fields: Any) -> AuditRequest:
    return AuditRequest(**fields)


def _account_ids(accounts: Iterable[str], name: str) -> tuple[str, ...]:
    if isinstance(accounts, str):
        raise UsageError(f"{name} is one text", "give a list of account ids")
    ids = tuple(map(str, accounts))
    for one in ids:
        if len(one) != _ACCOUNT_DIGITS or not (one.isascii() and one.isdigit()):
            raise UsageError(f"{one!r} in {name} is no account id", "give each as a text of 12 digits")
    return ids


def _one_of(value: str, choices: tuple[str, ...], name: str) -> str:
    if value not in choices:
        raise UsageError(f"{name} is {value!r}", f"give one of {', '.join(sorted(choices))}")
    return value


def _now() -> datetime:
    return datetime.now(UTC)
