"""The resources of a finding: the account, and its root access keys of which the id is known."""

from typing import Final, Literal

from rootsweep.model.evidence import KeyStatus
from rootsweep.model.finding import Finding, KeyRow
from rootsweep.reports.formats.asff.structs import AwsIamAccessKeyDetails, Resource, ResourceDetails
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.key_text import describe_last_use

_MOST_RESOURCES: Final = 32
_LONGEST: Final = 1024
_PARTITIONS: Final = frozenset({"aws", "aws-cn", "aws-us-gov"})
"""The partitions that ``Resource.Partition`` names as everyone else does; it has no word for the newer ones."""

_STATUSES: Final[dict[KeyStatus, Literal["Active", "Inactive"]]] = {
    KeyStatus.ACTIVE: "Active",
    KeyStatus.INACTIVE: "Inactive",
}


def resources_of(finding: Finding, partition: str, region: str) -> tuple[Resource, ...]:
    """Give the account first, then its keys, at most 32 in all."""
    known = partition if partition in _PARTITIONS else None
    account = Resource("AwsAccount", f"AWS::::Account:{finding.account.id}", region, known, _account_details(finding))
    keys = [
        Resource("AwsIamAccessKey", f"AWS::IAM::AccessKey:{key.id}", region, known, _key_details(key, key.id, finding))
        for key in finding.keys
        if key.id
    ]
    return (account, *keys)[:_MOST_RESOURCES]


def _account_details(finding: Finding) -> ResourceDetails | None:
    account = finding.account
    told = {
        "Name": account.name,
        "State": account.state,
        "OrganizationPath": account.path,
        "ManagementAccount": "true" if account.is_management_account else None,
    }
    other = {name: one_line(text, _LONGEST) for name, text in told.items() if text and text.strip()}
    return ResourceDetails(other=other) if other else None


def _key_details(key: KeyRow, key_id: str, finding: Finding) -> ResourceDetails:
    account_id = finding.account.id
    details = AwsIamAccessKeyDetails(key_id, account_id, account_id, "root", "Root", _STATUSES.get(key.status), key.created_at)
    return ResourceDetails(details, {"LastUsed": describe_last_use(key.last_use)})
