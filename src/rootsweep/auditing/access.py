"""How each account is reached: the routes into it, and which of them are tried, decided once for all accounts."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from rootsweep.auditing.sources.inventory import Inventory, Selection
from rootsweep.auditing.sources.live import READ_BY, evidence_of_caller, read_source
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.iam import list_organizations_features
from rootsweep.aws.organizations import Organization, of_administrators_alone
from rootsweep.aws.pacing import Backoff
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.session_account import Role, RootUser
from rootsweep.aws.sts import Caller, assume_role, assume_root, get_caller_identity
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Access, Evidence, Observed, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER, Account, AccountState
from rootsweep.errors import CannotRunError, UsageError


# An account in scope, and the routes into it.
@dataclass(frozen=True, slots=True)
class AccessRoute:
    """One route into an account, and what is read by it.

    ``open`` gives the access, or why there is none, and can be called again when a session has expired. ``sources`` are read in
    this order, each only where no earlier route has given it; ``read`` may be called again, from any thread.
    """

    sources: tuple[Source, ...]
    open: Callable[[], AccountAccess | Unavailable]
    read: Callable[[AccountAccess, Source], Evidence]


@dataclass(frozen=True, slots=True)
class Target:
    """One account: the ``routes`` into it are tried in order, ``known`` is evidence that is there already."""

    account: Account
    routes: tuple[AccessRoute, ...]
    known: tuple[Evidence, ...] = ()


# The routes into an account: as the caller itself, by a root session, by a role.
Opening = Callable[[], AccountAccess | Unavailable]


@dataclass(frozen=True, slots=True)
class RoleOptions:
    """The role that is assumed in each account, by name; ``external_id`` is what its trust policy may ask for."""

    name: str
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccessRoutes:
    """Makes the routes of one caller: by a session of the SDK, its own access, and how long a report is waited for."""

    session: Session
    access: AccountAccess
    backoff: Backoff

    def own(self, account_id: str, partition: str, access: AccountAccess) -> AccessRoute:
        """Read the caller's own account; ``access`` says whether the caller is its root user."""
        return self._route(RootUser(account_id, partition), READ_BY[access.access], lambda: access)

    def root_session(self, account_id: str, partition: str) -> AccessRoute:
        """Read a member account as its root user, in a session for the audit task."""

        def open_session() -> AccountAccess | Unavailable:
            outcome = assume_root(self.session, self.access, account_id, partition)
            return self._opened(outcome, account_id, Access.ROOT_SESSION, Source.ROOT_ACCESS_KEYS)

        return self._route(RootUser(account_id, partition), READ_BY[Access.ROOT_SESSION], open_session)

    def role(self, account_id: str, partition: str, role: RoleOptions) -> AccessRoute:
        """Read an account by a role in it."""
        assumed = Role(account_id, partition, role.name)

        def open_session() -> AccountAccess | Unavailable:
            outcome = assume_role(self.session, self.access, assumed, role.external_id)
            return self._opened(outcome, account_id, Access.ROLE, Source.CREDENTIAL_REPORT)

        return self._route(RootUser(account_id, partition), READ_BY[Access.ROLE], open_session)

    def _route(self, root: RootUser, sources: tuple[Source, ...], open_session: Opening) -> AccessRoute:
        def read(access: AccountAccess, source: Source) -> Evidence:
            return read_source(self.session, access, root, source, self.backoff)

        return AccessRoute(sources, open_session, read)

    def _opened(
        self, outcome: Answer[SessionCredentials] | Refusal, account_id: str, access: Access, first: Source
    ) -> AccountAccess | Unavailable:
        """Return the access of a session; a refusal counts as one of the first source that the session would have read."""
        match outcome:
            case Refusal(origin=origin):
                return replace(outcome, origin=replace(origin, access=access)).as_evidence(first)
            case Answer(value=credentials):
                return AccountAccess(access, self.access.region, credentials, account_id)


_FEATURE: Final = "RootCredentialsManagement"
_WITHOUT_ROOT_SESSIONS: Final = frozenset({PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER})


class AccessChoice(StrEnum):
    """What a person may choose; ``auto`` prefers root sessions, and adds a role where one is named."""

    AUTO = "auto"
    ROOT_SESSION = "root-session"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class AccessPlan:
    """The routes into the accounts of one caller.

    ``no_root_session`` says why there are none; None where they are tried. ``organization`` is None for a caller without one.
    """

    routes: AccessRoutes
    caller: Answer[Caller]
    organization: Organization | None
    role: RoleOptions | None
    no_root_session: Unavailable | None

    def of_organization(self, refusal: Refusal) -> Refusal:
        """Explain a refusal of a call about the organization to who calls."""
        management = None if self.organization is None else self.organization.management_account_id
        return of_administrators_alone(refusal, is_management=self.caller.value.account_id == management)

    def target(self, account: Account) -> Target:
        """Prepare to read one account; a closed one is not read, for nobody can enter it."""
        if account.id == self.caller.value.account_id:
            return own_account(self.routes, self.caller, account)
        if account.state is AccountState.CLOSED:
            return Target(account, ())
        partition = account.partition or self.caller.value.partition
        by_role = () if self.role is None else (self.routes.role(account.id, partition, self.role),)
        if account.is_management_account:
            return Target(account, by_role or (_closed_route(_management_account(self.routes)),))
        if self.no_root_session is None:
            return Target(account, (self.routes.root_session(account.id, partition), *by_role))
        return Target(account, by_role or (_closed_route(self.no_root_session),))


def plan_access(
    routes: AccessRoutes,
    caller: Answer[Caller],
    organization: Organization | None,
    choice: AccessChoice,
    role: RoleOptions | None,
) -> AccessPlan:
    """Decide how accounts are reached.

    That centralized root access is enabled proves nothing about keys: it only tells that root sessions can be tried. Raises
    ``UsageError`` for a choice that cannot work.
    """
    partition = caller.value.partition
    if choice is AccessChoice.ROLE:
        if role is None:
            raise UsageError("--access role needs the name of the role", "name it with --role-name")
        return AccessPlan(routes, caller, organization, role, _not_asked_for(routes))
    if partition in _WITHOUT_ROOT_SESSIONS:
        if choice is AccessChoice.ROOT_SESSION:
            raise UsageError(
                f"partition {partition} has no root sessions that read credentials", "name a role with --role-name"
            )
        return AccessPlan(routes, caller, organization, role, _partition_without(routes, partition))
    tried = choice is AccessChoice.ROOT_SESSION
    return AccessPlan(routes, caller, organization, role, None if tried else _why_no_root_session(routes))


def _why_no_root_session(routes: AccessRoutes) -> Unavailable | None:
    """Ask whether root sessions can be had; a caller that may not ask can still try."""
    match list_organizations_features(routes.session, routes.access):
        case Answer(value=features) if _FEATURE in features:
            return None
        case Answer(origin=origin):
            advice = "in the management account run `aws iam enable-organizations-root-credentials-management`"
            return _unavailable(UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, advice, origin)
        case Refusal(reason=UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF) as refusal:
            return refusal.as_evidence(Source.ROOT_ACCESS_KEYS)
        case Refusal():
            return None


def _not_asked_for(routes: AccessRoutes) -> Unavailable:
    return _unavailable(UnavailableReason.ROOT_SESSION_REFUSED, "choose --access auto", _origin(routes))


def _partition_without(routes: AccessRoutes, partition: str) -> Unavailable:
    advice = f"name a role with --role-name: partition {partition} has no root sessions that read credentials"
    return _unavailable(UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, advice, _origin(routes))


def _management_account(routes: AccessRoutes) -> Unavailable:
    advice = (
        "no root session can enter the management account: run `rootsweep audit` inside it, name a role with --role-name, or "
        "give its credential report with --from"
    )
    return _unavailable(UnavailableReason.MANAGEMENT_ACCOUNT, advice, _origin(routes))


def _unavailable(reason: UnavailableReason, advice: str, origin: Origin) -> Unavailable:
    return Unavailable(Source.ROOT_ACCESS_KEYS, reason, advice, origin)


def _origin(routes: AccessRoutes) -> Origin:
    return Origin(Access.ROOT_SESSION, routes.session.clock.now())


def _closed_route(why: Unavailable) -> AccessRoute:
    """Make the route that is there only to say why there is none."""
    closed: Callable[[], Unavailable] = lambda: why  # noqa: E731  typed, which a nested function of one line would not be
    return AccessRoute((why.source,), closed, lambda _access, _source: why)


# The account of the caller's own credentials, as a target.
def identify(session: Session, access: AccountAccess) -> Answer[Caller]:
    """Find out who calls.

    Raises ``CannotRunError``, in one sentence, for everything that keeps AWS from telling: without it there is no audit.
    """
    match get_caller_identity(session, access):
        case Refusal() as refusal:
            raise CannotRunError(refusal.problem, refusal.advice)
        case Answer() as answer:
            return answer


def own_account(routes: AccessRoutes, caller: Answer[Caller], account: Account | None = None) -> Target:
    """Prepare to read the caller's account: as root, which can list its keys, where the caller is root.

    ``account`` is what is already known of it, such as its name in the organization. Where the key that signs holds another
    account than GetCallerIdentity names, nothing is read: its answers would be of either.
    """
    who, access = caller.value, routes.access
    its_access = replace(access, access=Access.ROOT) if who.is_root else access
    key_id = access.credentials.access_key_id if access.credentials else routes.session.own_access_key_id()
    answer = replace(caller, origin=replace(caller.origin, access=its_access.access))
    known = evidence_of_caller(answer, key_id)
    return Target(
        account=account or Account(who.account_id, partition=who.partition),
        routes=(routes.own(who.account_id, who.partition, its_access),) if isinstance(known, Observed) else (),
        known=(known,),
    )


# What a sweep goes through: the accounts of an organization as they are listed, or accounts that were named.


def targets_of_organization(
    inventory: Inventory, selection: Selection, plan: AccessPlan, finished: Collection[str]
) -> Iterator[Target | Refusal]:
    """Return a target for each account in scope as it is listed, but for those ``finished`` in an earlier run.

    A named account that the organization does not have is a row too, after the listing has come to its end.
    """
    missing = set(selection.accounts - selection.exclude)
    for found in inventory.accounts():
        if isinstance(found, Refusal):
            yield plan.of_organization(found)
            return
        missing.discard(found.id)
        if found.id not in finished:
            yield plan.target(found)
    for account_id in sorted(missing - set(finished)):
        yield Target(Account(account_id), (), (_not_in_organization(plan),))


def targets_of_accounts(account_ids: Iterable[str], plan: AccessPlan, finished: Collection[str]) -> Iterator[Target]:
    """Return a target for each named account, in the partition of the caller; nothing is listed."""
    management = None if plan.organization is None else plan.organization.management_account_id
    for account_id in dict.fromkeys(account_ids):
        if account_id not in finished:
            partition = plan.caller.value.partition
            yield plan.target(Account(account_id, partition=partition, is_management_account=account_id == management))


def _not_in_organization(plan: AccessPlan) -> Unavailable:
    advice = "take it off --account: the organization, as far as --ou and --tag narrow it, does not have it"
    origin = Origin(Access.OWN, plan.routes.session.clock.now(), "organizations:ListAccounts")
    return Unavailable(Source.ROOT_ACCESS_KEYS, UnavailableReason.NOT_IN_ORGANIZATION, advice, origin)
