"""CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed (IAM API reference)."""

from dataclasses import replace
from typing import Final

from rootsweep.emulator.access.authorization import denied_by_identity_policy
from rootsweep.emulator.access.credentials import secret_of
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call, moment
from rootsweep.emulator.operations.iam_subject import Subject, subject_of
from rootsweep.emulator.operations.paging import page_of
from rootsweep.emulator.state.account import AccessKey, LastUse, User, free_slot
from rootsweep.emulator.state.identifiers import unique_id
from rootsweep.emulator.state.key_use import last_use

_PAGE: Final = 100
MOST_KEYS: Final = 2
"""IAM User Guide, "IAM and AWS STS quotas": the most access keys of a user, and of the root user."""


def create_access_key(call: Call) -> Answer:
    """Give the subject an active key, whose secret is shown this once.

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
    """Tell when, where and on what a key of the account was last used; ``N/A`` where it never was.

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
