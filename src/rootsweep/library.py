"""rootsweep for Python programs: what the commands run, as functions; ``import rootsweep`` names them all.

Every argument is given by its name. Whatever goes wrong is raised as a ``RootsweepError``, whose ``advice`` says what to do.
"""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

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
_STANDARD_INPUT: Final = "-"
_WIDTH: Final = 120
_ACCESSES: Final = ("auto", "own", "root-session", "role")
_INACTIVE_KEYS: Final = tuple(choice.value for choice in InactiveKeys)

_Kind = TypeVar("_Kind")

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
    ``InputRefusedError`` where nothing of it is usable evidence, ``UsageError`` for arguments that are invalid.
    """
    request = _request(
        paths=_paths(paths),
        account_ids=_account_ids(accounts, "accounts"),
        excluded_ids=_account_ids(exclude, "exclude"),
        inactive_keys=_one_of(inactive_keys, _INACTIVE_KEYS, "inactive_keys"),
        max_age=None if max_age is None else _above_zero(max_age, "max_age"),
        exceptions=_listed(exceptions, "exceptions", ExceptionRule),
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
    ``run.scope.complete`` False; so does an interruption. Raises ``UsageError`` for arguments that are invalid and for a
    scope without accounts, ``CannotRunError`` when AWS does not tell who calls or lists nothing.
    """
    if session is not None and profile is not None:
        raise UsageError("session and profile both say whose credentials to use", "give one of them")
    if resume and checkpoint is None:
        raise UsageError("resume continues a checkpoint", "name its file with checkpoint")
    if _checked(workers, int, "workers") < 1:
        raise UsageError("workers is not above zero", "leave it out for the default")
    if session is not None and not (hasattr(session, "get_credentials") and hasattr(session, "get_available_regions")):
        raise UsageError("session is no session of botocore or boto3", "give such as boto3.Session(), or leave it out")
    files = _paths(paths)
    reads_aws_too = access is None and not organization and role_name is None and bool(files)
    request = _request(
        paths=files,
        organization=organization,
        account_ids=_account_ids(accounts, "accounts"),
        units=_listed(units, "units", str),
        tags=_tags(tags),
        excluded_ids=_account_ids(exclude, "exclude"),
        access="own" if reads_aws_too else None if access is None else _one_of(access, _ACCESSES, "access"),
        role_name=role_name,
        external_id=external_id,
        profiles=() if profile is None else (profile,),
        region=region,
        timeout=_above_zero(timeout, "timeout"),
        workers=workers,
        checkpoint=None if checkpoint is None else str(checkpoint),
        resume=resume,
        inactive_keys=_one_of(inactive_keys, _INACTIVE_KEYS, "inactive_keys"),
        max_age=None if max_age is None else _above_zero(max_age, "max_age"),
        exceptions=_listed(exceptions, "exceptions", ExceptionRule),
    )
    observer = _observer(on_finding, on_refusal, on_message, keeps_checkpoint=checkpoint is not None)
    outcome = run_audit(request, observer, _now, session=session)
    if outcome.kept_in is not None:
        observer.tell(f"what was read is kept in {outcome.kept_in}; resume=True continues")
    return outcome.run


def read(*, path: str | Path) -> Run:
    """Read a run that ``rootsweep audit --format json`` or ``write`` saved; raises ``UsageError`` where it is none."""
    from rootsweep.reports.contracts.audit_v1_read import read_run  # noqa: PLC0415  msgspec is not needed for an audit

    try:
        content = _path(path, "path").read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name a run that was saved") from error
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
    reference = DEFAULT_REFERENCE if framework is None else find_reference(_checked(framework, str, "framework"))
    if reference is None:
        raise UsageError(f"{framework!r} is no framework that has the control", "rootsweep explain lists them")
    options = RenderOptions(width=_WIDTH, colour=False, unicode=True, presentation=Presentation(reference))
    if (path is None) == (stream is None):
        raise UsageError("a run is written to a path or to a stream", "give one of them")
    if stream is not None:
        _render(lambda target: render(name, run, target, options), stream)
    elif path is not None:
        with written_whole(_path(path, "path")) as file:
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
    return make_plan(run, Guards() if guards is None else guards, at.astimezone(UTC))


def compare(*, before: Run | None, after: Run) -> Drift:
    """Return what has changed from one run to the next of the same scope; without ``before`` every non-compliance is new.

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


def _listed(values: object, name: str, kind: type[_Kind]) -> tuple[_Kind, ...]:
    """Return the values of an argument that is a list.

    One text or path in place of a list is refused: it would pass for a list of its letters, and other files be judged.
    """
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | os.PathLike):
        raise UsageError(f"{name} is {values!r}", f"give a list of {kind.__name__}, also for one of them")
    return tuple(_checked(one, kind, name) for one in values)


def _checked(value: object, kind: type[_Kind], name: str) -> _Kind:
    if not isinstance(value, kind):
        raise UsageError(f"{value!r} in {name} is no {kind.__name__}", "docs/python.md says what each argument is")
    return value


def _paths(paths: object) -> tuple[str, ...]:
    names = [str(_path(one, "paths")) for one in _listed(paths, "paths", object)]
    if _STANDARD_INPUT in names:
        raise UsageError("'-' in paths is standard input", "save it and give the path of the file")
    return tuple(names)


def _path(path: object, name: str) -> Path:
    if not isinstance(path, str | Path) or "\0" in str(path):
        raise UsageError(f"{path!r} in {name} is no path", "give a text or a pathlib.Path")
    return Path(path)


def _tags(tags: object) -> tuple[tuple[str, str], ...]:
    pairs = [tuple(_checked(word, str, "tags") for word in pair) for pair in _listed(tags, "tags", tuple)]
    if not all(len(pair) == 2 for pair in pairs):  # noqa: PLR2004  a key and a value
        raise UsageError("tags is no list of pairs", 'give each as ("key", "value")')
    return tuple((key, value) for key, value in pairs)


def _above_zero(time: object, name: str) -> timedelta:
    if _checked(time, timedelta, name) <= timedelta(0):
        raise UsageError(f"{name} is not above zero", "give a longer time, or leave it out")
    return _checked(time, timedelta, name)


def _account_ids(accounts: object, name: str) -> tuple[str, ...]:
    ids = _listed(accounts, name, str)
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
