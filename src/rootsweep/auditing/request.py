"""What the options of ``rootsweep audit`` ask for, and what comes of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from rootsweep.core.finding import ExceptionRule
from rootsweep.core.judging.verdict import InactiveKeys, JudgingRules
from rootsweep.core.run import Run
from rootsweep.errors import UsageError


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run; whether it was interrupted before its end, and whether anything that was given could be used at all.

    ``kept_in`` is the checkpoint that keeps what an unfinished sweep has read, for ``--resume``.
    """

    run: Run
    interrupted: bool = False
    is_usable: bool = True
    kept_in: str | None = None


@dataclass(frozen=True, slots=True)
class CallerOptions:
    """Whose credentials ask AWS, in which Region, and how long one account may take; None leaves it to AWS's own settings."""

    profile: str | None = None
    region: str | None = None
    timeout: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """The options, one field each, in their order; raises ``UsageError`` for those that are invalid together."""

    paths: tuple[str, ...] = ()
    more_paths: tuple[str, ...] = ()
    organization: bool = False
    account_ids: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    excluded_ids: tuple[str, ...] = ()
    access: str | None = None
    role_name: str | None = None
    external_id: str | None = None
    profiles: tuple[str, ...] = ()
    region: str | None = None
    timeout: timedelta = timedelta(minutes=2)
    workers: int = 128
    checkpoint: str | None = None
    resume: bool = False
    quiet: bool = False
    names_units: bool = False
    inactive_keys: str = InactiveKeys.FAIL.value
    max_age: timedelta | None = None
    exceptions: tuple[ExceptionRule, ...] = ()

    def __post_init__(self) -> None:
        for applies, problem, advice in self._refusals():
            if applies:
                raise UsageError(problem, advice)

    @property
    def rules(self) -> JudgingRules:
        """How to judge."""
        return JudgingRules(InactiveKeys(self.inactive_keys), self.max_age, self.exceptions)

    @property
    def is_sweep(self) -> bool:
        """Whether other accounts than those of the credentials are entered."""
        return self.organization or self.role_name is not None or self.access in {"auto", "root-session", "role"}

    @property
    def asks_aws(self) -> bool:
        """Whether AWS is asked: always, but for saved evidence alone."""
        return self.is_sweep or not self.paths or bool(self.profiles) or self.access is not None

    @property
    def caller(self) -> CallerOptions:
        """The only caller; that of the current credentials where no profile is named."""
        return CallerOptions(self.profiles[0] if self.profiles else None, self.region, self.timeout)

    @property
    def scope_digest(self) -> str:
        """What must be the same for a sweep to be continued: the scope, and the routes into its accounts."""
        scope = (self.organization, sorted(self.account_ids), sorted(self.units), sorted(self.tags), sorted(self.excluded_ids))
        routes = (self.access, self.role_name, self.external_id)
        return hashlib.sha256(repr((scope, routes)).encode()).hexdigest()

    def _refusals(self) -> Iterator[tuple[bool, str, str]]:
        """Return what may be wrong with the options: whether it is, what, and what to do."""
        sweeps_alone = "add --organization"
        first = next(iter(self.more_paths), "")
        yield bool(self.more_paths) and not self.paths, f"unexpected argument {first!r}", "give saved evidence with --from PATH"
        narrowed = bool(self.units or self.tags)
        yield narrowed and not self.organization, "--ou and --tag narrow an organization", sweeps_alone
        yield (
            self.access == "own" and (self.organization or self.role_name is not None),
            "--access own reaches the account of the credentials alone",
            "leave it out, or leave out --organization and --role-name",
        )
        yield (
            self.is_sweep and not self.organization and not self.account_ids,
            "it is not clear which accounts to enter",
            "add --organization for all of them, or --account",
        )
        yield self.is_sweep and len(self.profiles) > 1, "a sweep has one caller", "give one --profile"
        without_role = self.role_name is None
        yield self.access == "role" and without_role, "--access role needs the name of the role", "add --role-name"
        yield self.external_id is not None and without_role, "--external-id goes with --role-name", "add --role-name"
        yield bool(self.excluded_ids) and not self.is_sweep, "--exclude leaves accounts out of a sweep", sweeps_alone
        is_kept = self.resume or self.checkpoint is not None
        yield is_kept and not self.is_sweep, "--checkpoint and --resume go with a sweep", sweeps_alone


DEFAULTS = AuditRequest()
"""What the options say that were not given."""
