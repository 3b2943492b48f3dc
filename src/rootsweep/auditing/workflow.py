"""Audits, from a request to a run: the caller's own accounts, named ones, an organization."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from rootsweep.auditing.access import (
    AccessChoice,
    AccessPlan,
    AccessRoutes,
    RoleOptions,
    Target,
    identify,
    own_account,
    plan_access,
    targets_of_accounts,
    targets_of_organization,
)
from rootsweep.auditing.engine import Engine, observe
from rootsweep.auditing.judging import Judging, SavedEvidence
from rootsweep.auditing.request import AuditRequest, CallerOptions, Outcome
from rootsweep.auditing.running import AuditObserver, Progress
from rootsweep.auditing.sources.inventory import Inventory, Selection
from rootsweep.aws.organizations import Organization, describe_organization
from rootsweep.aws.pacing import Backoff
from rootsweep.aws.session import AccountAccess, Session, SessionOptions, open_session
from rootsweep.aws.sts import Caller
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Access, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.organization import Account, OrganizationalUnit, Scope, ScopeKind
from rootsweep.core.run import Run
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.storage.run_identity import RunIdentity

if TYPE_CHECKING:
    from rootsweep.auditing.resuming import ResumableSweep

# The audit of the accounts of given credentials; imported only when AWS is asked, for its SDK is slow to import.


@dataclass(frozen=True, slots=True)
class CallerSession:
    """A caller that AWS knows, and the routes that it can open."""

    routes: AccessRoutes
    caller: Answer[Caller]


def audit_own_accounts(
    request: AuditRequest,
    saved: SavedEvidence,
    local_clock: Callable[[], datetime],
    observer: AuditObserver,
    given: Any = None,
) -> Run:
    """Judge the account of the current credentials, or of each profile, together with what was saved.

    ``given`` is the ``session`` of ``run_audit``. A profile among several that cannot be used is reported, and makes the scope
    incomplete. Raises ``UsageError`` for settings that are invalid or an account that was not asked for, ``CannotRunError``
    when AWS does not tell who calls.
    """
    began = time.monotonic()
    sessions: list[Session] = []
    targets: dict[str, Target] = {}
    failed: list[str] = []
    for profile in request.profiles or (None,):
        try:
            session, target = _own_target(request, profile, local_clock, given)
        except (CannotRunError, UsageError) as error:
            if len(request.profiles) < 2:  # noqa: PLR2004  one profile that fails leaves nothing to audit
                raise
            observer.tell(f"profile {profile}: {error}; {error.advice}")
            failed.append(str(profile))
            continue
        sessions.append(session)
        targets.setdefault(target.account.id, target)
    if not sessions:
        raise CannotRunError("none of the profiles can be used", "see the sentences above")
    clock = sessions[0].clock
    judging = Judging(request.rules, clock.now, saved, observer.on_finding)
    for target in targets.values():
        judging.add(target.account, observe(target, parallel=True))
    started_at = clock.now() - timedelta(seconds=time.monotonic() - began)
    reason = f"profiles that cannot be used: {', '.join(failed)}" if failed else None
    scope = Scope(ScopeKind.ACCOUNT, complete=not failed, incomplete_because=reason)
    return judging.run(started_at, scope)


def _own_target(
    request: AuditRequest, profile: str | None, local_clock: Callable[[], datetime], given: Any
) -> tuple[Session, Target]:
    caller_session = open_caller_session(CallerOptions(profile, request.region, request.timeout), local_clock, given=given)
    account_id = caller_session.caller.value.account_id
    if request.account_ids and account_id not in request.account_ids:
        raise UsageError(
            f"the credentials are of account {account_id}, which --account does not name",
            "name it too, choose other credentials with --profile, or enter other accounts with --role-name",
        )
    return caller_session.routes.session, own_account(caller_session.routes, caller_session.caller)


RETRY_MODE: Final = "legacy"
"""The standard mode shares one budget of retries between all accounts, which a few bad ones would use up for the others."""

_LONGEST_TRY: Final = 30.0


def open_caller_session(
    caller: CallerOptions, local_clock: Callable[[], datetime], *, workers: int | None = None, given: Any = None
) -> CallerSession:
    """Open a session of the SDK and find out who calls; raises as ``open_session`` and ``identify`` do.

    ``workers`` is how many other accounts are entered at once, None where none is. ``given`` is the ``session`` of
    ``run_audit``.
    """
    seconds = caller.timeout.total_seconds()
    options = SessionOptions(profile=caller.profile, region=caller.region, given=given)
    if workers is not None:
        mode = os.environ.get("AWS_RETRY_MODE", RETRY_MODE)
        options = replace(options, retry_mode=mode, connections=workers, read_seconds=min(_LONGEST_TRY, seconds))
    session = open_session(options, local_clock)
    access = AccountAccess(Access.OWN, session.region)
    identity = identify(session, access)
    return CallerSession(AccessRoutes(session, access, Backoff(seconds, time.monotonic, time.sleep)), identity)


# The names of the organizational units that hold the accounts of a run.


def name_units(
    plan: AccessPlan, organization: Organization, run: Run, tell: Callable[[str], None]
) -> tuple[OrganizationalUnit, ...]:
    """Ask for the names of the units; what is refused is reported, and is shown by its id."""
    paths = {finding.account.path for finding in run.findings if finding.account.path is not None}
    inventory = Inventory(plan.routes.session, plan.routes.access, organization, Selection())
    units: list[OrganizationalUnit] = []
    for found in inventory.units(paths):
        if isinstance(found, OrganizationalUnit):
            units.append(found)
            continue
        refusal = plan.of_organization(found)
        tell(f"organizational units are shown by their ids: {refusal.problem}; {refusal.advice}")
        break
    return tuple(units)


_INTERRUPTED: Final = "interrupted"


def audit_organization(
    request: AuditRequest,
    saved: SavedEvidence,
    local_clock: Callable[[], datetime],
    observer: AuditObserver,
    given: Any = None,
) -> Outcome:
    """Sweep the accounts that were asked for by the caller's own credentials; ``given`` is the ``session`` of ``run_audit``.

    Raises ``UsageError`` for options that are invalid together and for a scope without accounts, ``CannotRunError`` when AWS
    does not tell who calls or lists nothing.
    """
    caller_session = open_caller_session(request.caller, local_clock, workers=request.workers, given=given)
    return sweep(caller_session, request, saved, observer)


def sweep(caller_session: CallerSession, request: AuditRequest, saved: SavedEvidence, observer: AuditObserver) -> Outcome:
    """Read the accounts that were asked for, and judge each with what was saved; raises as ``audit_organization`` does."""
    began = time.monotonic()
    session = caller_session.routes.session
    organization = _organization(request, describe_organization(session, caller_session.routes.access))
    choice = AccessChoice(request.access or AccessChoice.AUTO)
    plan = plan_access(caller_session.routes, caller_session.caller, organization, choice, _role(request))
    judging = Judging(request.rules, session.clock.now, saved, observer.on_finding)
    sweeping = _Sweeping(request, plan, judging, saved, observer.progress)
    kept_in: str | None = None
    if not observer.keeps_checkpoint:
        scope = sweeping.read_all(None)
    else:
        # An audit of the caller's own account does not wait for the checkpoint.
        from rootsweep.auditing.resuming import ResumableSweep  # noqa: PLC0415

        with ResumableSweep(request, _identity(request, plan), session.clock.now(), observer.tell) as resumable:
            scope = sweeping.read_all(resumable)
            kept_in = resumable.end(is_complete=scope.complete)
    if scope.complete:
        judging.leave_out_what_was_not_read()
    started_at = session.clock.now() - timedelta(seconds=time.monotonic() - began)
    run = judging.run(started_at, scope)
    if request.names_units and scope.complete and plan.organization is not None:
        run = replace(run, units=name_units(plan, plan.organization, run, observer.tell))
    return Outcome(run, interrupted=scope.incomplete_because == _INTERRUPTED, kept_in=kept_in)


@dataclass(frozen=True, slots=True)
class _Sweeping:
    """Reads and judges every account that was asked for."""

    request: AuditRequest
    plan: AccessPlan
    judging: Judging
    saved: SavedEvidence
    progress: Progress

    def read_all(self, resumable: "ResumableSweep | None") -> Scope:
        """Return what the run covers once all are read; an interruption ends it at once."""
        finished = self._add_finished(resumable)
        listing = _listing(self.request, self.plan, finished)
        engine = Engine(listing, workers=self.request.workers, seconds_each=self.request.timeout.total_seconds())
        try:
            with self.progress:
                for observation in engine.observations(lambda: self.progress.tick(engine)):
                    self.progress.found(self.judging.add(observation.account, observation.evidence))
                    if resumable is not None:
                        resumable.add(observation.account, observation.evidence)
        except KeyboardInterrupt:
            self._add_unfinished(engine.unfinished())
            return _scope(self.request, self.plan, _INTERRUPTED)
        if not finished:
            _check_scope(engine, self.saved)
        broken_by = engine.broken_by
        return _scope(self.request, self.plan, None if broken_by is None else f"{broken_by.problem}; {broken_by.advice}")

    def _add_finished(self, resumable: "ResumableSweep | None") -> frozenset[str]:
        """Judge again what an earlier run had read, and name its accounts."""
        finished: set[str] = set()
        for account, evidence in resumable.finished() if resumable is not None else ():
            self.progress.found(self.judging.add(account, evidence))
            finished.add(account.id)
        return frozenset(finished)

    def _add_unfinished(self, accounts: Iterable[Account]) -> None:
        """Add a row for every listed account: one that was not read is never left out."""
        reason, origin = UnavailableReason.INTERRUPTED, Origin(Access.OWN)
        why = Unavailable(Source.ROOT_ACCESS_KEYS, reason, "continue with --resume, or run the audit again", origin)
        for account in accounts:
            self.judging.add(account, (why,))


def _identity(request: AuditRequest, plan: AccessPlan) -> RunIdentity:
    organization_id = None if plan.organization is None else plan.organization.id
    return RunIdentity(request.scope_digest, organization_id, plan.caller.value.account_id)


def _role(request: AuditRequest) -> RoleOptions | None:
    return None if request.role_name is None else RoleOptions(request.role_name, request.external_id)


def _organization(request: AuditRequest, described: Answer[Organization] | Refusal) -> Organization | None:
    """Take what AWS tells of the organization; only a sweep of all of it cannot do without."""
    match described:
        case Answer(value=organization):
            return organization
        case Refusal() as refusal if request.organization:
            raise CannotRunError(refusal.problem, refusal.advice)
        case Refusal():
            return None


def _listing(request: AuditRequest, plan: AccessPlan, finished: frozenset[str]) -> Iterator[Target | Refusal]:
    if not request.organization:
        named = [account_id for account_id in request.account_ids if account_id not in request.excluded_ids]
        return iter(targets_of_accounts(named, plan, finished))
    if plan.organization is None:
        raise UsageError("the account of the credentials is in no organization", "leave out --organization")
    selection = Selection(
        frozenset(request.account_ids), request.units, frozenset(request.tags), frozenset(request.excluded_ids)
    )
    inventory = Inventory(plan.routes.session, plan.routes.access, plan.organization, selection)
    return targets_of_organization(inventory, selection, plan, finished)


def _check_scope(engine: Engine, saved: SavedEvidence) -> None:
    if engine.listed:
        return
    if engine.broken_by is not None:
        raise CannotRunError(engine.broken_by.problem, engine.broken_by.advice)
    if not saved.usable:
        raise UsageError("no account fits the scope", "check --account, --ou, --tag and --exclude")


def _scope(request: AuditRequest, plan: AccessPlan, incomplete_because: str | None) -> Scope:
    return Scope(
        ScopeKind.ORGANIZATION if request.organization else ScopeKind.ACCOUNT,
        partition=plan.caller.value.partition,
        organization_id=None if plan.organization is None else plan.organization.id,
        complete=incomplete_because is None,
        incomplete_because=incomplete_because,
    )
