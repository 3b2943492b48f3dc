"""Every operation that the emulator has, by service and name."""

from typing import Final

from rootsweep.emulator.operations.call import Operation, any_resource
from rootsweep.emulator.operations.iam_access_keys import (
    delete_access_key,
    get_access_key_last_used,
    key_owner_resource,
    list_access_keys,
    update_access_key,
)
from rootsweep.emulator.operations.iam_account import get_account_summary, get_user, list_account_aliases
from rootsweep.emulator.operations.iam_features import disabler, enabler, list_organizations_features
from rootsweep.emulator.operations.iam_report import generate_credential_report, get_credential_report
from rootsweep.emulator.operations.iam_subject import subject_resource
from rootsweep.emulator.operations.organizations import (
    describe_organization,
    list_accounts,
    list_accounts_for_parent,
    list_aws_service_access_for_organization,
    list_delegated_administrators,
    list_organizational_units_for_parent,
    list_roots,
    list_tags_for_resource,
)
from rootsweep.emulator.operations.sts import (
    assume_role,
    assume_root,
    get_caller_identity,
    role_account,
    role_resource,
    root_resource,
    target_account,
)

OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("sts", "GetCallerIdentity"): Operation(get_caller_identity, None),
    ("sts", "AssumeRole"): Operation(assume_role, role_resource, role_account),
    ("sts", "AssumeRoot"): Operation(assume_root, root_resource, target_account),
    ("iam", "GetAccountSummary"): Operation(get_account_summary, any_resource),
    ("iam", "GenerateCredentialReport"): Operation(generate_credential_report, any_resource),
    ("iam", "GetCredentialReport"): Operation(get_credential_report, any_resource),
    ("iam", "ListAccessKeys"): Operation(list_access_keys, subject_resource),
    ("iam", "UpdateAccessKey"): Operation(update_access_key, subject_resource),
    ("iam", "DeleteAccessKey"): Operation(delete_access_key, subject_resource),
    ("iam", "GetAccessKeyLastUsed"): Operation(get_access_key_last_used, key_owner_resource),
    ("iam", "GetUser"): Operation(get_user, subject_resource),
    ("iam", "ListAccountAliases"): Operation(list_account_aliases, any_resource),
    ("iam", "ListOrganizationsFeatures"): Operation(list_organizations_features, any_resource),
    ("iam", "EnableOrganizationsRootCredentialsManagement"): Operation(enabler("RootCredentialsManagement"), any_resource),
    ("iam", "EnableOrganizationsRootSessions"): Operation(enabler("RootSessions"), any_resource),
    ("iam", "DisableOrganizationsRootCredentialsManagement"): Operation(disabler("RootCredentialsManagement"), any_resource),
    ("iam", "DisableOrganizationsRootSessions"): Operation(disabler("RootSessions"), any_resource),
    ("organizations", "DescribeOrganization"): Operation(describe_organization, any_resource),
    ("organizations", "ListAccounts"): Operation(list_accounts, any_resource),
    ("organizations", "ListRoots"): Operation(list_roots, any_resource),
    ("organizations", "ListOrganizationalUnitsForParent"): Operation(list_organizational_units_for_parent, any_resource),
    ("organizations", "ListAccountsForParent"): Operation(list_accounts_for_parent, any_resource),
    ("organizations", "ListTagsForResource"): Operation(list_tags_for_resource, any_resource),
    ("organizations", "ListDelegatedAdministrators"): Operation(list_delegated_administrators, any_resource),
    ("organizations", "ListAWSServiceAccessForOrganization"): Operation(list_aws_service_access_for_organization, any_resource),
}
