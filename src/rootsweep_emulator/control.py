"""The interface to change and observe a world, for tests and demonstrations.

Accounts are named by id or by name, times are epoch seconds of the world's clock, durations are seconds.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from rootsweep_emulator.access.callers import RootKeyCaller, RootSessionCaller
from rootsweep_emulator.access.signature import Credentials, Session, seal, secret_of
from rootsweep_emulator.access.task_policies import TASK_POLICIES
from rootsweep_emulator.errors import UnknownName
from rootsweep_emulator.faults import Rule, SessionOf
from rootsweep_emulator.state.account import (
    AccessKey,
    Account,
    AccountState,
    Keys,
    KeyStatus,
    LastUse,
    Partition,
    Report,
    ServiceControlDeny,
    free_slot,
)
from rootsweep_emulator.state.credential_report import write_report
from rootsweep_emulator.state.identifiers import unique_id
from rootsweep_emulator.state.organization import IAM_PRINCIPAL, Feature, Organization
from rootsweep_emulator.state.world import World
from rootsweep_emulator.trail import Answered, Event

_SESSION_SECONDS = 3600


class Control:
    """Changes and observes one world, safely beside a running server."""

    def __init__(self, world: World) -> None:
        self._world = world

    def credentials(self, name: str) -> Credentials:
        """Return the credentials that the scenario offers by this name; those of a role are a new session of an hour.

        Raises:
            UnknownName: the scenario offers none, or the principal has no active key.
        """
        with self._world.lock:
            account_id, principal = self._named(name)
            account = self._world.account(account_id)
            kind, _, principal_name = principal.partition("/")
            if kind == "role" and account.role(principal_name) is not None:
                return self._session(account, principal_name)
            user = account.user(principal_name)
            keys = account.root.keys if kind == "root" else None if user is None else user.keys
            for key in keys.truth if keys is not None else ():
                if key.status == "Active":
                    return Credentials(key.id, secret_of(self._world.seed, key.id))
            raise UnknownName(f"{principal} of account {account.id} has no active access key, or does not exist")

    def partition(self, name: str) -> Partition:
        """Return the partition of the account of these credentials.

        Raises:
            UnknownName: the scenario offers none of this name.
        """
        return self._world.account(self._named(name)[0]).partition

    def _named(self, name: str) -> tuple[str, str]:
        found = self._world.named.get(name)
        if found is None:
            raise UnknownName(f"the scenario offers no credentials {name!r}; it has {', '.join(self._world.named)}")
        return found

    def _session(self, account: Account, role: str | None = None) -> Credentials:
        key_id = unique_id("ASIA", account.id, self._world.seed, next(self._world.serials))
        now = math.floor(self._world.clock.now())
        session = Session(key_id, account.id, now + _SESSION_SECONDS, role, role and "scenario", issued_at=now)
        token = seal(self._world.seed, session)
        return Credentials(key_id, secret_of(self._world.seed, key_id), token)

    def root_console_session(self, account: str) -> Credentials:
        """Return the credentials, for an hour, that the root user has in its console's AWS CloudShell: those of a session."""
        with self._world.lock:
            return self._session(self._world.account(account))

    def root_keys(self, account: str) -> Keys:
        """Return the root user's keys as they truly are."""
        return self._world.account(account).root.keys.truth

    def create_root_key(self, account: str, *, age: float = 0.0, status: KeyStatus = "Active") -> str:
        """Return the root user a key that was created ``age`` seconds ago, and return its id."""
        with self._world.lock:
            its_account = self._world.account(account)
            keys = its_account.root.keys.truth
            key_id = unique_id("AKIA", its_account.id, self._world.seed, "root", next(self._world.serials))
            key = AccessKey(key_id, free_slot(keys), status, self._world.clock.now() - age)
            self._write(its_account, (*keys, key))
            return key_id

    def set_root_key_status(self, account: str, key_id: str, status: KeyStatus) -> None:
        """Change the status of a root key."""
        self._replace(account, key_id, lambda key: replace(key, status=status))

    def record_root_key_use(self, account: str, key_id: str, *, age: float, region: str, service: str) -> None:
        """Let a root key have been used ``age`` seconds ago."""
        use = LastUse(self._world.clock.now() - age, region, service)
        self._replace(account, key_id, lambda key: replace(key, last_used=use))

    def delete_root_key(self, account: str, key_id: str) -> None:
        """Delete a root key."""
        self._replace(account, key_id, lambda _: None)

    def _replace(self, account: str, key_id: str, change: Callable[[AccessKey], AccessKey | None]) -> None:
        with self._world.lock:
            its_account = self._world.account(account)
            keys = its_account.root.keys.truth
            if all(key.id != key_id for key in keys):
                raise UnknownName(f"the root user of account {its_account.id} has no key {key_id}")
            changed = [change(key) if key.id == key_id else key for key in keys]
            self._write(its_account, tuple(key for key in changed if key is not None))

    def _write(self, account: Account, keys: Keys) -> None:
        account.root.keys.write(keys, visible_at=self._world.visible_at())

    def set_account_state(self, account: str, state: AccountState) -> None:
        """Suspend, close or activate an account."""
        with self._world.lock:
            self._world.account(account).state = state

    def set_service_control_denies(self, account: str, *denies: ServiceControlDeny) -> None:
        """Let service control policies deny this in an account; none lifts them."""
        with self._world.lock:
            self._world.account(account).service_control_denies = denies

    def set_service_control_policies(self, organization: str, *, enabled: bool) -> None:
        """Enable or disable service control policies in the organization of this account, with FullAWSAccess alone attached."""
        with self._world.lock:
            self._organization(organization).service_control.set_enabled(enabled=enabled)

    def set_delegation_policy(self, organization: str, account: str, *actions: str) -> None:
        """Let the organization's delegation policy allow a member account exactly these action patterns; none for nothing."""
        with self._world.lock:
            allowed = tuple(action.lower() for action in actions)
            self._organization(organization).delegation_policy[self._world.account(account).id] = allowed

    def record_event(  # noqa: PLR0913, PLR0917  an event is what it consists of
        self,
        account: str,
        key_id: str,
        event_name: str,
        event_source: str,
        region: str,
        age: float,
        error_code: str | None = None,
    ) -> str:
        """Let the root user have called an operation ``age`` seconds ago, by this key, and return the event's id.

        A key id that begins with ASIA is that of a root session. ``event_source`` is such as ``s3.amazonaws.com``.
        """
        with self._world.lock:
            its_account, at = self._world.account(account), self._world.clock.now() - age
            task = TASK_POLICIES["IAMDeleteRootUserCredentials"]
            by_session = RootSessionCaller(its_account, task, key_id, at)
            caller = by_session if key_id.startswith("ASIA") else RootKeyCaller(its_account, key_id)
            error = None if error_code is None else (error_code, None)
            trail = self._world.trail
            event = Event(next(trail.serials), at, caller, region, event_source, event_name, error=error)
            trail.add(its_account.id, event)
            return event.id

    def set_role_actions(self, account: str, role: str, *actions: str) -> None:
        """Let the identity-based policy of a role allow these action patterns alone."""
        with self._world.lock:
            its_account = self._world.account(account)
            its_account.roles = tuple(
                replace(each, actions=actions) if each.name == role else each for each in its_account.roles
            )

    def make_report(self, account: str, *, age: float = 0.0) -> None:
        """Keep a credential report of the account as it is now, as if generated ``age`` seconds ago."""
        with self._world.lock:
            its_account, now = self._world.account(account), self._world.clock.now()
            its_account.report = Report(now - age, now - age, write_report(self._world, its_account, now))

    def set_report_seconds(self, account: str, seconds: float) -> None:
        """Set how long a credential report takes; ``math.inf`` for one that never completes."""
        with self._world.lock:
            self._world.account(account).report_seconds = seconds

    def set_features(self, organization: str, *features: Feature) -> None:
        """Enable exactly these features of centralized root access in the organization of this account."""
        with self._world.lock:
            self._organization(organization).features.write(frozenset(features), visible_at=self._world.visible_at())

    def set_trusted_access(self, organization: str, *, enabled: bool) -> None:
        """Enable or disable trusted access for IAM in the organization of this account."""
        with self._world.lock:
            its_organization = self._organization(organization)
            principals = {name: at for name, at in its_organization.trusted_access.truth.items() if name != IAM_PRINCIPAL}
            if enabled:
                principals[IAM_PRINCIPAL] = self._world.clock.now()
            its_organization.trusted_access.write(principals, visible_at=self._world.visible_at())

    def set_delegated_administrators(self, organization: str, *accounts: str) -> None:
        """Make exactly these accounts delegated administrators of IAM in the organization of the first argument's account."""
        with self._world.lock:
            its_organization, now = self._organization(organization), self._world.clock.now()
            delegates = {self._world.account(account).id: now for account in accounts}
            registered = its_organization.delegated_administrators.truth | {IAM_PRINCIPAL: delegates}
            its_organization.delegated_administrators.write(registered, visible_at=self._world.visible_at())

    def set_empty_pages(self, organization: str, *, every: int) -> None:
        """Let ListAccounts answer an empty page before each n-th; 0 for never."""
        with self._world.lock:
            self._organization(organization).empty_page_every = every

    def _organization(self, account: str) -> Organization:
        found = self._world.organization_of(self._world.account(account))
        if found is None:
            raise UnknownName(f"account {account} is in no organization")
        return found

    def now(self) -> float:
        """Return the server's time in epoch seconds."""
        return self._world.clock.now()

    def advance(self, seconds: float) -> None:
        """Let time pass for everyone; signatures stay valid."""
        with self._world.lock:
            self._world.clock.ahead += seconds

    def skew(self, seconds: float) -> None:
        """Set the server's clock ahead of its callers' (behind, when negative); more than 300 s breaks signatures."""
        with self._world.lock:
            self._world.clock.skew = seconds

    def set_consistency_lag(self, seconds: float) -> None:
        """Set how long readers do not see a change."""
        with self._world.lock:
            self._world.consistency_lag = seconds

    def add_fault(self, rule: Rule) -> int:
        """Put a fault in force; the handle takes it away again.

        Raises:
            UnknownName: its effect names an account that there is not.
        """
        with self._world.lock:
            if isinstance(rule.effect, SessionOf):
                self._world.account(rule.effect.account)
            return self._world.faults.add(rule)

    def remove_fault(self, handle: int) -> None:
        """Take one fault away."""
        with self._world.lock:
            self._world.faults.remove(handle)

    def clear_faults(self) -> None:
        """Take all faults away."""
        with self._world.lock:
            self._world.faults.clear()

    def calls(self, service: str | None = None, operation: str | None = None, account: str | None = None) -> int:
        """Count the calls that match, None matching all; the account is the one that a call was about."""
        with self._world.lock:
            return self._world.calls.count(service, operation, None if account is None else self._world.account(account).id)

    def calls_by_operation(self) -> dict[tuple[str, str], int]:
        """Return the number of calls of each (service, operation)."""
        with self._world.lock:
            return self._world.calls.by_operation()

    def keep_answers(self) -> None:
        """Keep what is answered from now on, for :meth:`answered`."""
        with self._world.lock:
            self._world.answered = []

    def answered(self) -> tuple[Answered, ...]:
        """Return what was answered to authenticated calls since :meth:`keep_answers`, oldest first."""
        with self._world.lock:
            return tuple(self._world.answered or ())

    def reset_calls(self) -> None:
        """Start counting again."""
        with self._world.lock:
            self._world.calls.reset()
