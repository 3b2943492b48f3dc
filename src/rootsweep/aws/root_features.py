"""The features of centralized root access, enabled one by one (IAM API reference); ``iam.py`` lists them.

Only the management account may enable a feature, and only while the organization has trusted access for IAM.
"""

from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import Response, ask
from rootsweep.aws.explanations import explained
from rootsweep.aws.session import Session

ROOT_CREDENTIALS_MANAGEMENT: Final = "RootCredentialsManagement"
ROOT_SESSIONS: Final = "RootSessions"

_EXPLAINED: Final = {
    "CallerIsNotManagementAccount": (
        "{call} is for the management account alone",
        "call with credentials of the management account",
    ),
}


def enable_root_credentials_management(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Enable it; gives the features that are enabled then (EnableOrganizationsRootCredentialsManagement)."""
    outcome = ask(
        session,
        access,
        "iam:EnableOrganizationsRootCredentialsManagement",
        lambda iam: iam.enable_organizations_root_credentials_management(),
        _enabled,
    )
    return explained(outcome, _EXPLAINED)


def enable_root_sessions(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Enable them; gives the features that are enabled then (EnableOrganizationsRootSessions)."""
    outcome = ask(
        session,
        access,
        "iam:EnableOrganizationsRootSessions",
        lambda iam: iam.enable_organizations_root_sessions(),
        _enabled,
    )
    return explained(outcome, _EXPLAINED)


def _enabled(response: Response) -> frozenset[str]:
    return frozenset(response.get("EnabledFeatures", ()))
