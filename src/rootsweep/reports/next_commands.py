"""What to run next: commands that can be pasted, and reach no account that the audit left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rootsweep.core.evidence import Access, Observed, Source
from rootsweep.core.finding import Finding, ProcedureResult, Verdict
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.core.run import RemedyCode, Run
from rootsweep.reports.wording import counted, needs_someone, shell_word

_MOST: Final = 5
_OPENED_BY_POLICIES: Final = frozenset(
    {RemedyCode.ACCESS_DENIED.value, RemedyCode.ROOT_SESSION_REFUSED.value, RemedyCode.ROLE_NOT_ASSUMABLE.value}
)
_SETTINGS: Final = frozenset({"--region", "--config"})
_CALLER: Final = _SETTINGS | {"--profile"}
_ROLE: Final = frozenset({"--role-name", "--external-id", "--config"})


@dataclass(frozen=True, slots=True)
class NextCommand:
    """A command, its words quoted for a shell, and what it is for."""

    command: str
    purpose: str


def next_commands(run: Run, scope: tuple[str, ...]) -> tuple[NextCommand, ...]:
    """Return at most five commands to go on with, the most urgent first.

    ``scope`` are the options of the audit that say which accounts it reached, how, and by which credentials: each command that
    reaches accounts repeats them all, each other one those that it takes.
    """
    return tuple(_commands(run, scope))[:_MOST]


def _commands(run: Run, scope: tuple[str, ...]) -> Iterator[NextCommand]:
    listed = [one for one in run.findings if one.keys and _was_entered(one, Access.ROOT_SESSION)]
    if listed:
        purpose = f"plan the removal of the keys in {counted(len(listed), 'account')}"
        yield _command("plan", _without_saved_evidence(scope), purpose)
    alone = [one for one in run.findings if one.keys and one not in listed and _needs_root(one)]
    if alone:
        accounts = ", ".join(one.account.id for one in alone[:2]) + (" and others" if len(alone) > 2 else "")  # noqa: PLR2004
        # The profile of an audit is that of a root user only where root itself was asked.
        is_root = all(_was_entered(one, Access.ROOT) for one in alone)
        words = _only(scope, _CALLER if is_root else _SETTINGS)
        yield _command("self-remove", words, f"as the root user of {accounts}, which no root session enters")
    codes = {group.code for group in run.coverage_gaps}
    if RemedyCode.CENTRALIZED_ROOT_ACCESS_OFF.value in codes:
        yield _command("central-access", _only(scope, _CALLER), "what of centralized root access is enabled")
    if codes & _OPENED_BY_POLICIES:
        access = ("--access", "role") if "--role-name" in scope else ()
        yield _command("permissions", (*access, *_policy_options(run, scope)), "the policies that open what was denied")
    entered = [one for one in run.findings if _was_entered(one, Access.ROOT_SESSION)]
    if "--role-name" not in scope and any(map(_lacks_the_report, entered)):
        purpose = "a role that reads the credential report too, the benchmark's first procedure"
        yield _command("permissions", ("--access", "role", *_policy_options(run, scope)), purpose)
    if run.findings:
        yield _command("audit", (*scope, "--output", "report.html"), "the same as a page to hand on")


def _policy_options(run: Run, scope: tuple[str, ...]) -> tuple[str, ...]:
    partition = run.scope.partition
    elsewhere = () if partition in {None, "aws"} else ("--partition", str(partition))
    return (*_only(scope, _ROLE), *elsewhere)


def _without_saved_evidence(scope: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the files that were judged too: the --from of a plan is a saved run."""
    return tuple(word for name, *value in _options(scope) if name != "--from" for word in (name, *value))


def _only(scope: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for name, *value in _options(scope) if name in names for word in (name, *value))


def _options(scope: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Split the words into options with their values; ``--organization`` alone has none."""
    words = iter(scope)
    for word in words:
        yield (word,) if word == "--organization" else (word, next(words))


def _command(name: str, words: Iterable[str], purpose: str) -> NextCommand:
    return NextCommand(" ".join(map(shell_word, ("rootsweep", name, *words))), purpose)


def _was_entered(finding: Finding, access: Access) -> bool:
    return any(
        isinstance(piece, Observed) and piece.source is Source.ROOT_ACCESS_KEYS and piece.origin.access is access
        for piece in finding.evidence
    )


def _needs_root(finding: Finding) -> bool:
    """Return whether nobody but the account's own root user can remove its keys."""
    account = finding.account
    is_alone = account.is_management_account or account.partition == PARTITION_WITHOUT_ROOT_CONSOLE
    return is_alone or _was_entered(finding, Access.ROOT)


def _lacks_the_report(finding: Finding) -> bool:
    is_unknown = finding.procedures.credential_report is ProcedureResult.UNKNOWN
    return is_unknown and (finding.verdict is Verdict.COMPLIANT or needs_someone(finding))
