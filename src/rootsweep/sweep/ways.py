"""The ways into an account: as the caller itself, by a root session, by a role."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import Session
from rootsweep.aws.session_account import Role, RootUser
from rootsweep.aws.sts import assume_role, assume_root
from rootsweep.model.evidence import Access, Evidence, Source, Unavailable
from rootsweep.sources.registry import READ_BY, read_source
from rootsweep.sweep.targets import Way

Opening = Callable[[], AccountAccess | Unavailable]


@dataclass(frozen=True, slots=True)
class RoleOptions:
    """The role that is assumed in each account, by name; ``external_id`` is what its trust policy may ask for."""

    name: str
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Makes the ways of one caller: by a session of the SDK, its own access, and how long a report is waited for."""

    session: Session
    access: AccountAccess
    patience: Patience

    def own(self, account_id: str, partition: str, access: AccountAccess) -> Way:
        """Read the caller's own account; ``access`` says whether the caller is its root user."""
        return self._way(RootUser(account_id, partition), READ_BY[access.access], lambda: access)

    def root_session(self, account_id: str, partition: str) -> Way:
        """Read a member account as its root user, in a session for the audit task."""

        def open_session() -> AccountAccess | Unavailable:
            outcome = assume_root(self.session, self.access, account_id, partition)
            return self._opened(outcome, Access.ROOT_SESSION, Source.ROOT_ACCESS_KEYS)

        return self._way(RootUser(account_id, partition), READ_BY[Access.ROOT_SESSION], open_session)

    def role(self, account_id: str, partition: str, role: RoleOptions) -> Way:
        """Read an account by a role in it."""
        assumed = Role(account_id, partition, role.name)

        def open_session() -> AccountAccess | Unavailable:
            outcome = assume_role(self.session, self.access, assumed, role.external_id)
            return self._opened(outcome, Access.ROLE, Source.CREDENTIAL_REPORT)

        return self._way(RootUser(account_id, partition), READ_BY[Access.ROLE], open_session)

    def _way(self, root: RootUser, sources: tuple[Source, ...], open_session: Opening) -> Way:
        def read(access: AccountAccess, source: Source) -> Evidence:
            return read_source(self.session, access, root, source, self.patience)

        return Way(sources, open_session, read)

    def _opened(
        self, outcome: Answer[SessionCredentials] | Refusal, access: Access, first: Source
    ) -> AccountAccess | Unavailable:
        """Give the access of a session; a refusal counts as one of the first source that the session would have read."""
        match outcome:
            case Refusal(origin=origin):
                return replace(outcome, origin=replace(origin, access=access)).as_evidence(first)
            case Answer(value=credentials):
                return AccountAccess(access, self.access.region, credentials)
