"""Centralized root access: trusted access and delegated administrators, and IAM's features for an organization.

Whoever administers may list them; only the management account may enable trusted access or register an administrator.
"""

from typing import Final

from rootsweep.aws.call import Response, ask, explained
from rootsweep.aws.paging import every_page
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal

IAM_PRINCIPAL: Final = "iam.amazonaws.com"
"""The service principal of centralized root access (IAM User Guide, "Centrally manage root access for member accounts")."""

ALREADY_REGISTERED: Final = "AccountAlreadyRegistered"

_EXPLAINED: Final = {
    "AccountNotFound": ("the organization has no such account", "name the id of a member account"),
    "InvalidInput": ("AWS refuses what was asked of {call}", "check the account id; it has to be a member account's"),
    "ConstraintViolation": (
        "a rule of AWS Organizations forbids {call}",
        (
            "the account has to be an active member account, trusted access for IAM has to be enabled, and the organization "
            "may have reached its limit of delegated administrators"
        ),
    ),
    "ConcurrentModification": ("another change of the organization is under way", "run it again in some minutes"),
    ALREADY_REGISTERED: ("the account is a delegated administrator for IAM already", "there is nothing to do"),
}
"""The errors of these calls that mean something of their own here, as problem and advice."""


def list_service_access(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Ask which services have trusted access, by their principals (ListAWSServiceAccessForOrganization, every page)."""
    return ask(
        session,
        access,
        "organizations:ListAWSServiceAccessForOrganization",
        lambda organizations: every_page(organizations.list_aws_service_access_for_organization, "EnabledServicePrincipals"),
        lambda response: frozenset(str(entry["ServicePrincipal"]) for entry in response["EnabledServicePrincipals"]),
    )


def enable_service_access(session: Session, access: AccountAccess, principal: str = IAM_PRINCIPAL) -> Answer[None] | Refusal:
    """Enable trusted access of a service; where it is enabled, nothing changes (EnableAWSServiceAccess)."""
    outcome = ask(
        session,
        access,
        "organizations:EnableAWSServiceAccess",
        lambda organizations: organizations.enable_aws_service_access(ServicePrincipal=principal),
        lambda _: None,
    )
    return explained(outcome, _EXPLAINED)


def list_delegated_administrators(
    session: Session, access: AccountAccess, principal: str = IAM_PRINCIPAL
) -> Answer[tuple[str, ...]] | Refusal:
    """Ask for the ids of a service's delegated administrators (ListDelegatedAdministrators, every page)."""
    return ask(
        session,
        access,
        "organizations:ListDelegatedAdministrators",
        lambda organizations: every_page(
            organizations.list_delegated_administrators, "DelegatedAdministrators", ServicePrincipal=principal
        ),
        lambda response: tuple(str(entry["Id"]) for entry in response["DelegatedAdministrators"]),
    )


def register_delegated_administrator(
    session: Session, access: AccountAccess, account_id: str, principal: str = IAM_PRINCIPAL
) -> Answer[None] | Refusal:
    """Make a member account delegated administrator of a service with trusted access (RegisterDelegatedAdministrator)."""
    outcome = ask(
        session,
        access,
        "organizations:RegisterDelegatedAdministrator",
        lambda organizations: organizations.register_delegated_administrator(AccountId=account_id, ServicePrincipal=principal),
        lambda _: None,
    )
    return explained(outcome, _EXPLAINED)


# The features of centralized root access, enabled one by one (IAM API reference); ``iam.py`` lists them.
#
# Only the management account may enable a feature, and only while the organization has trusted access for IAM.

ROOT_CREDENTIALS_MANAGEMENT: Final = "RootCredentialsManagement"
ROOT_SESSIONS: Final = "RootSessions"

_FEATURES_EXPLAINED: Final = {
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
    return explained(outcome, _FEATURES_EXPLAINED)


def enable_root_sessions(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Enable them; gives the features that are enabled then (EnableOrganizationsRootSessions)."""
    outcome = ask(
        session,
        access,
        "iam:EnableOrganizationsRootSessions",
        lambda iam: iam.enable_organizations_root_sessions(),
        _enabled,
    )
    return explained(outcome, _FEATURES_EXPLAINED)


def _enabled(response: Response) -> frozenset[str]:
    return frozenset(response.get("EnabledFeatures", ()))
