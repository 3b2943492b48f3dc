"""Access keys, and the features of centralized root access (IAM API reference).

The features are those of ListOrganizationsFeatures. Their error code
strings end in ``Exception`` and the texts are as captured AWS answers give them (commercial partition, September 2026).
Assumption: all are answered with 400, and trusted access is looked at before delegation.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from rootsweep_emulator.access.authorization import denied_by_identity_policy
from rootsweep_emulator.access.signature import secret_of
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, moment, page_of
from rootsweep_emulator.operations.iam import Subject, subject_of
from rootsweep_emulator.state.account import AccessKey, LastUse, User, free_slot
from rootsweep_emulator.state.identifiers import unique_id
from rootsweep_emulator.state.organization import FEATURES, IAM_PRINCIPAL, Feature, Organization
from rootsweep_emulator.state.world import last_use

_PAGE: Final = 100
MOST_KEYS: Final = 2
"""IAM User Guide, "IAM and AWS STS quotas": the most access keys of a user, and of the root user."""


def create_access_key(call: Call) -> Answer:
    """Return the subject an active key, whose secret is shown this once.

    Assumption: the root user's has no UserName, as the event of its creation has none (CloudTrail).
    """
    subject = subject_of(call)
    keys = subject.keys.truth
    if len(keys) >= MOST_KEYS:
        raise ServiceError("LimitExceeded", f"Cannot exceed quota for AccessKeysPerUser: {MOST_KEYS}")
    key_id = unique_id("AKIA", call.account.id, call.world.seed, "created", next(call.world.serials))
    key = AccessKey(key_id, free_slot(keys), "Active", call.now)
    subject.keys.write((*keys, key), visible_at=call.world.visible_at())
    return {"AccessKey": _metadata(subject, key) | {"SecretAccessKey": secret_of(call.world.seed, key_id)}}


def list_access_keys(call: Call) -> Answer:
    """List the subject's keys, oldest first.

    Assumption: the entries for the root user's keys have no UserName, as GetUser has none; no non-empty list was captured.
    """
    subject = subject_of(call)
    keys, marker = page_of(call, subject.keys.seen(call.now), most=call.parameters.get("MaxItems", _PAGE), member="Marker")
    answer: Answer = {"AccessKeyMetadata": [_metadata(subject, key) for key in keys], "IsTruncated": marker is not None}
    return answer if marker is None else answer | {"Marker": marker}


def _metadata(subject: Subject, key: AccessKey) -> Answer:
    entry: Answer = {"AccessKeyId": key.id, "Status": key.status, "CreateDate": moment(key.created_at)}
    return entry if subject.user is None else {"UserName": subject.user.name} | entry


def update_access_key(call: Call) -> Answer:
    """Make a key Active or Inactive. Assumption: ``Expired``, which the model knows, cannot be set."""
    status = call.parameters["Status"]
    if status == "Expired":
        raise ServiceError("InvalidInput", "The status Expired cannot be set.")
    subject, key = _find(call)
    changed = tuple(replace(each, status=status) if each.id == key.id else each for each in subject.keys.truth)
    subject.keys.write(changed, visible_at=call.world.visible_at())
    return {}


def delete_access_key(call: Call) -> Answer:
    """Delete a key, for good."""
    subject, key = _find(call)
    rest = tuple(each for each in subject.keys.truth if each.id != key.id)
    subject.keys.write(rest, visible_at=call.world.visible_at())
    return {}


def _find(call: Call) -> tuple[Subject, AccessKey]:
    subject = subject_of(call)
    key_id = call.parameters["AccessKeyId"]
    for key in subject.keys.truth:
        if key.id == key_id:
            return subject, key
    raise ServiceError("NoSuchEntity", f"The Access Key with id {key_id} cannot be found.")


def get_access_key_last_used(call: Call) -> Answer:
    """Return when, where and on what a key of the account was last used; ``N/A`` where it never was.

    Assumptions: any principal of the account with the permission may ask about a root key, whose answer has no UserName; a key
    of another account is denied like a key that does not exist.
    """
    key_id = call.parameters["AccessKeyId"]
    owners: list[User | None] = [None, *call.account.users]
    for owner in owners:
        keys = call.account.root.keys if owner is None else owner.keys
        for key in keys.seen(call.now):
            if key.id == key_id:
                answer: Answer = {"AccessKeyLastUsed": _last_used(last_use(call.world, key, call.now))}
                return answer if owner is None else {"UserName": owner.name} | answer
    raise denied_by_identity_policy(call.caller, call.action, f"access key {key_id}")


def _last_used(use: LastUse | None) -> Answer:
    if use is None:
        return {"ServiceName": "N/A", "Region": "N/A"}
    return {"LastUsedDate": moment(use.at), "ServiceName": use.service, "Region": use.region}


def key_owner_resource(call: Call) -> str:
    """Name the owner of the key that GetAccessKeyLastUsed asks about, as the resource that task policies are aimed at."""
    key_id = call.parameters["AccessKeyId"]
    if any(key.id == key_id for key in call.account.root.keys.seen(call.now)):
        return call.account.root_arn
    return f"access key {key_id}"


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
