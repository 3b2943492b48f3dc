"""Centralized root access, over AWS: what is enabled, and the calls that enable it; imported only when AWS is asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar, assert_never

from rootsweep.auditing.request import CallerOptions
from rootsweep.auditing.workflow import open_caller_session
from rootsweep.aws.central_access import (
    ALREADY_REGISTERED,
    IAM_PRINCIPAL,
    ROOT_CREDENTIALS_MANAGEMENT,
    ROOT_SESSIONS,
    enable_root_credentials_management,
    enable_root_sessions,
    enable_service_access,
    list_delegated_administrators,
    list_service_access,
    register_delegated_administrator,
)
from rootsweep.aws.error_codes import may_pass
from rootsweep.aws.iam import list_organizations_features
from rootsweep.aws.organizations import describe_organization, of_administrators_alone
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.sts import Caller
from rootsweep.core.answer import Answer, Problem, Refusal
from rootsweep.core.evidence import UnavailableReason
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_USER
from rootsweep.core.removal.central_access import CentralAccess, OrganizationSeen, Part, Step
from rootsweep.errors import CannotRunError
from rootsweep.remediation.executor import Pauses

T = TypeVar("T")

_MAY_PASS: Final = frozenset(
    {
        UnavailableReason.SERVICE_FAILURE,
        UnavailableReason.THROTTLED,
        UnavailableReason.TIMED_OUT,
        UnavailableReason.UNREACHABLE,
        UnavailableReason.UNUSABLE_ANSWER,
    }
)
_NOT_ENABLED: Final = "ServiceAccessNotEnabled"
_MAY_BE_DONE: Final = frozenset({_NOT_ENABLED, ALREADY_REGISTERED, "ConcurrentModification"})
_NEVER_TAKEN: Final = frozenset({"AccountNotFound", "CallerIsNotManagementAccount", "ConstraintViolation", "InvalidInput"})
_OFF: Final = Problem("AWS tells it only while trusted access for IAM is enabled", "enable trusted access first")
_NO_ROOT_USER: Final = Problem("AWS in China has no root user", "there is nothing to enable")


def open_organization(caller: CallerOptions, local_clock: Callable[[], datetime]) -> "OrganizationAccess":
    """Open the organization of a caller; raises as ``open_caller_session`` does."""
    opened = open_caller_session(caller, local_clock)
    routes = opened.routes
    return OrganizationAccess(routes.session, routes.access, opened.caller.value, routes.backoff.pauses)


@dataclass(frozen=True, slots=True)
class OrganizationAccess:
    """The caller's organization, asked with the caller's own credentials."""

    session: Session
    access: AccountAccess
    caller: Caller
    pauses: Pauses

    def status(self) -> CentralAccess:
        """Ask everything once; what AWS does not tell stands in it with why.

        Raises ``CannotRunError`` where the caller's account is in no organization.
        """
        seen = self._organization()
        services = list_service_access(self.session, self.access)
        features = self._features()
        return CentralAccess(
            checked_at=self.session.clock.now(),
            partition=self.caller.partition,
            caller_account_id=self.caller.account_id,
            caller_arn=self.caller.arn,
            organization=seen,
            trusted_access=self._trusted_access(services, features, seen),
            root_credentials_management=_feature(features, ROOT_CREDENTIALS_MANAGEMENT),
            root_sessions=_feature(features, ROOT_SESSIONS),
            delegated_administrators=self._delegated_administrators(seen),
        )

    def look(self, step: Step) -> Answer[bool] | Refusal:
        """Ask whether a part is enabled."""
        match step.part:
            case Part.TRUSTED_ACCESS:
                return self._look_at_trusted_access()
            case Part.ROOT_CREDENTIALS_MANAGEMENT:
                return self._look_at_feature(ROOT_CREDENTIALS_MANAGEMENT)
            case Part.ROOT_SESSIONS:
                return self._look_at_feature(ROOT_SESSIONS)
            case Part.DELEGATED_ADMINISTRATOR:
                return _looked(list_delegated_administrators(self.session, self.access), lambda ids: step.account_id in ids)
            case _:
                assert_never(step.part)

    def enable(self, step: Step) -> Answer[object] | Refusal:
        """Enable a part."""
        match step.part:
            case Part.TRUSTED_ACCESS:
                return _accepted(enable_service_access(self.session, self.access))
            case Part.ROOT_CREDENTIALS_MANAGEMENT:
                return _accepted(enable_root_credentials_management(self.session, self.access))
            case Part.ROOT_SESSIONS:
                return _accepted(enable_root_sessions(self.session, self.access))
            case Part.DELEGATED_ADMINISTRATOR:
                return _accepted(register_delegated_administrator(self.session, self.access, step.account_id))
            case _:
                assert_never(step.part)

    def _organization(self) -> OrganizationSeen | Problem:
        match describe_organization(self.session, self.access):
            case Answer(value=seen):
                return OrganizationSeen(seen.id, seen.management_account_id, seen.feature_set)
            case Refusal(reason=UnavailableReason.NOT_IN_ORGANIZATION):
                raise CannotRunError(
                    f"account {self.caller.account_id} is in no organization, and centralized root access is an organization's",
                    "choose credentials of the management account with --profile",
                )
            case Refusal() as refusal:
                return refusal

    def _features(self) -> Answer[frozenset[str]] | Problem:
        if self.caller.partition == PARTITION_WITHOUT_ROOT_USER:
            return _NO_ROOT_USER
        return list_organizations_features(self.session, self.access)

    def _trusted_access(
        self,
        services: Answer[frozenset[str]] | Refusal,
        features: Answer[frozenset[str]] | Problem,
        seen: OrganizationSeen | Problem,
    ) -> bool | Problem:
        """Judge by both: IAM tells its features only where it sees trusted access, and says so where it does not."""
        told_by_iam = _told_by_features(features)
        match services:
            case Answer(value=principals):
                return IAM_PRINCIPAL in principals and told_by_iam is not False
            case Refusal() as refusal:
                return self._to_administrators(refusal, seen) if told_by_iam is None else told_by_iam

    def _delegated_administrators(self, seen: OrganizationSeen | Problem) -> tuple[str, ...] | Problem:
        match list_delegated_administrators(self.session, self.access):
            case Answer(value=ids):
                return ids
            case Refusal() as refusal:
                return self._to_administrators(refusal, seen)

    def _to_administrators(self, refusal: Refusal, seen: OrganizationSeen | Problem) -> Problem:
        is_management = isinstance(seen, OrganizationSeen) and seen.management_account_id == self.caller.account_id
        return of_administrators_alone(refusal, is_management=is_management)

    def _look_at_trusted_access(self) -> Answer[bool] | Refusal:
        services = list_service_access(self.session, self.access)
        features = list_organizations_features(self.session, self.access)
        told_by_iam = _told_by_features(features)
        match services:
            case Answer(value=principals, origin=origin):
                return Answer(IAM_PRINCIPAL in principals and told_by_iam is not False, origin)
            case Refusal() as refusal if told_by_iam is None:
                return replace(refusal, may_pass=_may_pass(refusal))
            case Refusal():
                return Answer(told_by_iam is True, features.origin)

    def _look_at_feature(self, name: str) -> Answer[bool] | Refusal:
        return _looked(list_organizations_features(self.session, self.access), lambda features: name in features)


def _feature(features: Answer[frozenset[str]] | Problem, name: str) -> bool | Problem:
    match features:
        case Answer(value=enabled):
            return name in enabled
        case Refusal() as refusal:
            return _OFF if _code(refusal) == _NOT_ENABLED else refusal
        case Problem():
            return features


def _told_by_features(features: Answer[frozenset[str]] | Problem) -> bool | None:
    if isinstance(features, Answer):
        return True
    return False if isinstance(features, Refusal) and _code(features) == _NOT_ENABLED else None


def _looked(outcome: Answer[T] | Refusal, is_enabled: Callable[[T], bool]) -> Answer[bool] | Refusal:
    match outcome:
        case Answer(value=value, origin=origin):
            return Answer(is_enabled(value), origin)
        case Refusal() as refusal:
            return replace(refusal, may_pass=_may_pass(refusal) or _code(refusal) == _NOT_ENABLED)


def _accepted(outcome: Answer[object] | Refusal) -> Answer[object] | Refusal:
    if isinstance(outcome, Answer):
        return outcome
    code = _code(outcome)
    may_pass = (_may_pass(outcome) and code not in _NEVER_TAKEN) or code in _MAY_BE_DONE
    return replace(outcome, may_pass=may_pass)


def _may_pass(refusal: Refusal) -> bool:
    return refusal.reason in _MAY_PASS and may_pass(refusal.error_code)


def _code(refusal: Refusal) -> str:
    return (refusal.error_code or "").removesuffix("Exception")
