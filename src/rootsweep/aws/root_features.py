"""The features of centralized root access, enabled one by one (IAM API reference); ``iam.py`` lists them.

Only the management account may enable a feature, and only while the organization has trusted access for IAM.
"""

from dataclasses import replace
from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import Response, ask
from rootsweep.aws.session import Session

ROOT_CREDENTIALS_MANAGEMENT: Final = "RootCredentialsManagement"
ROOT_SESSIONS: Final = "RootSessions"

_NOT_MANAGEMENT: Final = "CallerIsNotManagementAccount"


def enable_root_credentials_management(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Enable it; gives the features that are enabled then (EnableOrganizationsRootCredentialsManagement)."""
    return _explained(
        ask(
            session,
            access,
            "iam:EnableOrganizationsRootCredentialsManagement",
            lambda iam: iam.enable_organizations_root_credentials_management(),
            _enabled,
        )
    )


def enable_root_sessions(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Enable them; gives the features that are enabled then (EnableOrganizationsRootSessions)."""
    return _explained(
        ask(
            session,
            access,
            "iam:EnableOrganizationsRootSessions",
            lambda iam: iam.enable_organizations_root_sessions(),
            _enabled,
        )
    )


def _enabled(response: Response) -> frozenset[str]:
    return frozenset(response.get("EnabledFeatures", ()))


def _explained(outcome: Answer[frozenset[str]] | Refusal) -> Answer[frozenset[str]] | Refusal:
    if isinstance(outcome, Refusal) and (outcome.error_code or "").removesuffix("Exception") == _NOT_MANAGEMENT:
        return replace(
            outcome,
            problem=f"{outcome.origin.api_call} is for the management account alone",
            advice="call with credentials of the management account",
        )
    return outcome
