"""The features of centralized root access: list, enable, disable (IAM API reference, ListOrganizationsFeatures and its kin).

Code strings end in ``Exception`` and the texts are as captured AWS answers give them (commercial partition, September 2026).
Assumption: all are answered with 400, and trusted access is looked at before delegation.
"""

from collections.abc import Callable

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.state.organization import FEATURES, IAM_PRINCIPAL, Feature, Organization


def list_organizations_features(call: Call) -> Answer:
    """List the features that are enabled, to the management account or a delegated administrator of IAM."""
    return _features(call, _organization(call))


def enabler(feature: Feature) -> Callable[[Call], Answer]:
    """Make the operation that enables a feature, which only the management account may."""

    def enable(call: Call) -> Answer:
        organization = _organization(call)
        if call.account.id != organization.management_account_id:
            raise ServiceError(
                "CallerIsNotManagementAccountException", f"Input account {call.account.id} is not management account."
            )
        _check_offered(call, feature)
        return _write(call, organization, organization.features.truth | {feature})

    return enable


def disabler(feature: Feature) -> Callable[[Call], Answer]:
    """Make the operation that disables a feature, which a delegated administrator may too."""

    def disable(call: Call) -> Answer:
        organization = _organization(call)
        return _write(call, organization, organization.features.truth - {feature})

    return disable


def _check_offered(call: Call, feature: Feature) -> None:
    """Refuse root credentials management in GovCloud, which lacks it (GovCloud User Guide, "IAM").

    Assumption: the code; the refusal itself was not captured.
    """
    if call.account.partition == "aws-us-gov" and feature == "RootCredentialsManagement":
        raise ServiceError("InvalidAction", "Unknown Operation")


def _organization(call: Call) -> Organization:
    account = call.account
    organization = call.world.organization_of(account)
    if organization is None:
        raise ServiceError("OrganizationNotFoundException", f"Organization of input account {account.id} not found.")
    if IAM_PRINCIPAL not in organization.trusted_access.seen(call.now):
        raise ServiceError(
            "ServiceAccessNotEnabledException",
            f"Trusted Access for IAM not enabled by organization of input account {account.id}.",
        )
    is_delegate = organization.is_delegate(account.id, call.now, IAM_PRINCIPAL)
    if account.id != organization.management_account_id and not is_delegate:
        raise ServiceError(
            "AccountNotManagementOrDelegatedAdministratorException",
            f"Input account {account.id} is neither management account nor delegated admin.",
        )
    return organization


def _write(call: Call, organization: Organization, features: frozenset[Feature]) -> Answer:
    organization.features.write(features, visible_at=call.world.visible_at())
    return _answer(organization, features)


def _features(call: Call, organization: Organization) -> Answer:
    return _answer(organization, organization.features.seen(call.now))


def _answer(organization: Organization, features: frozenset[Feature]) -> Answer:
    return {"OrganizationId": organization.id, "EnabledFeatures": [feature for feature in FEATURES if feature in features]}
