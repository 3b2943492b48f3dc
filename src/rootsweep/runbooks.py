"""The steps for a person where rootsweep cannot act: as root, by the console or by AWS's command line; pure.

A step is a sentence or two. The lines after its first are commands to copy, short enough for 80 columns. That root can
deactivate and delete its own keys is told by the IAM User Guide, "Delete access keys for the root user"; how it signs in on the
command line by the AWS Sign-In User Guide, "Sign in through the AWS Command Line Interface".
"""

from collections.abc import Iterator
from typing import Final

from rootsweep.model.evidence import KeyStatus
from rootsweep.model.remediation import PlannedKey

IRREVERSIBLE: Final = "A deleted key cannot be recovered."
"""What no one may find out afterwards."""

_GOVCLOUD_REGION: Final = "us-gov-west-1"
_UNKNOWN_ID: Final = "KEY_ID"
_WAIT: Final = "Wait until everything that runs daily, weekly or at the end of a month has run without it."
_PRESENT: Final = "SummaryMap.AccountAccessKeysPresent"


def manual_runbook(key: PlannedKey) -> tuple[str, ...]:
    """Give the steps by which a person who signs in as root removes a key, in their order."""
    return tuple(_manual_steps(key))


def self_removal_runbook(key: PlannedKey) -> tuple[str, ...]:
    """Give the steps where root has no console, as in AWS GovCloud (US): a root key removes the others, and itself last."""
    return tuple(_self_removal_steps(key))


def _manual_steps(key: PlannedKey) -> Iterator[str]:
    account, key_id = key.account, key.id or _UNKNOWN_ID
    if not account.is_management_account:
        yield _lift_quarantine(account.id)
    yield (
        f"Sign in to the AWS console as the root user of account {account.id}. At the top right choose the account's name, "
        "then Security credentials, section Access keys. For the command line use AWS CloudShell there, or AWS CLI 2.32.0 or "
        f"newer; the ARN must end in {account.id}:root. Signed in so, `rootsweep self-remove` guides through it.\n"
        "aws login\n"
        "aws sts get-caller-identity"
    )
    yield from _seeing(key, key_id)
    if key.status is not KeyStatus.INACTIVE:
        yield (
            "Deactivate it first; where its secret may have leaked, do this before anything else. Console: select the key, "
            "Actions, Deactivate. If something fails, activate it again.\n"
            "aws iam update-access-key --status Inactive \\\n"
            f"  --access-key-id {key_id}"
        )
        yield _WAIT
    yield (
        f"Delete it. {IRREVERSIBLE} Console: select the key, Actions, Delete, and type its id.\n"
        f"aws iam delete-access-key --access-key-id {key_id}"
    )
    yield from _verifying("")


def _self_removal_steps(key: PlannedKey) -> Iterator[str]:
    account, key_id = key.account, key.id or _UNKNOWN_ID
    if not account.is_management_account:
        yield _lift_quarantine(account.id)
    yield (
        f"The root user of account {account.id} cannot sign in to a console here: it works through its access keys alone. Set "
        f"one of them as the credentials; the ARN must end in {account.id}:root.\n"
        f"aws sts get-caller-identity --region {_GOVCLOUD_REGION}"
    )
    yield from _seeing(key, key_id, f" --region {_GOVCLOUD_REGION}")
    yield (
        "Deactivate every other key of root first, and never the one that you call with: an inactive key cannot delete itself. "
        "If something fails, --undo activates them again.\n"
        f"rootsweep self-remove --region {_GOVCLOUD_REGION} --deactivate all"
    )
    yield _WAIT
    yield (
        f"Delete the other keys, and the one that you call with last. {IRREVERSIBLE}\n"
        f"rootsweep self-remove --region {_GOVCLOUD_REGION} \\\n"
        "  --delete all --including-own"
    )
    yield (
        "Or by hand, once for each key, in the same order.\n"
        f"aws iam delete-access-key --region {_GOVCLOUD_REGION} \\\n"
        f"  --access-key-id {key_id}"
    )
    yield from _verifying(f" --region {_GOVCLOUD_REGION}")


def _lift_quarantine(account_id: str) -> str:
    return (
        f"If account {account_id} is quarantined, which is that a service control policy denies its root user everything, lift "
        "that first: else every step below is denied. Where rootsweep did it, name that plan.\n"
        "rootsweep quarantine lift PLAN"
    )


def _seeing(key: PlannedKey, key_id: str, region: str = "") -> Iterator[str]:
    which = "" if key.id else f" The audit saw no id: take it from this list, and put it in the place of {_UNKNOWN_ID} below."
    yield f"See the keys that root has.{which}\naws iam list-access-keys{region}"
    yield (
        "See when the key was last used, where, and for what.\n"
        f"aws iam get-access-key-last-used{region} \\\n"
        f"  --access-key-id {key_id}"
    )
    where, first = ("both Regions", _GOVCLOUD_REGION) if region else ("every Region that you use", "us-east-1")
    yield (
        f"Move what uses it to an IAM role. CloudTrail shows the calls of the last 90 days; ask in {where}.\n"
        f"aws cloudtrail lookup-events --region {first} \\\n"
        "  --lookup-attributes \\\n"
        f"  AttributeKey=AccessKeyId,AttributeValue={key_id}"
    )


def _verifying(region: str) -> Iterator[str]:
    whose = "with other credentials of the account" if region else "in the account"
    yield (
        f"Verify, {whose}: the first command prints 0 once root has no key at all, and the second then exits with 0.\n"
        f"aws iam get-account-summary{region} \\\n"
        f"  --query {_PRESENT}\n"
        f"rootsweep audit{region}"
    )
