"""Every operation that the emulator has, by service and name."""

from typing import Final

from rootsweep.emulator.operations.call import Operation, any_resource
from rootsweep.emulator.operations.cloudtrail import lookup_events
from rootsweep.emulator.operations.ec2 import describe_regions
from rootsweep.emulator.operations.eventbridge import bus_resource, put_events
from rootsweep.emulator.operations.iam_access_keys import (
    create_access_key,
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
    describe_account,
    describe_organization,
    list_accounts,
    list_accounts_for_parent,
    list_organizational_units_for_parent,
    list_parents,
    list_roots,
)
from rootsweep.emulator.operations.organizations_attachments import (
    attach_policy,
    detach_policy,
    disable_policy_type,
    enable_policy_type,
    list_policies_for_target,
    list_targets_for_policy,
)
from rootsweep.emulator.operations.organizations_policies import (
    create_policy,
    delete_policy,
    describe_policy,
    list_policies,
    update_policy,
)
from rootsweep.emulator.operations.organizations_services import (
    deregister_delegated_administrator,
    disable_aws_service_access,
    enable_aws_service_access,
    list_aws_service_access_for_organization,
    list_delegated_administrators,
    register_delegated_administrator,
)
from rootsweep.emulator.operations.organizations_tags import list_tags_for_resource, tag_resource, untag_resource
from rootsweep.emulator.operations.s3 import (
    bucket_resource,
    get_object,
    head_object,
    list_objects_v2,
    object_resource,
    put_object,
)
from rootsweep.emulator.operations.securityhub import (
    batch_import_findings,
    get_findings,
    hub_resource,
    product_resource,
)
from rootsweep.emulator.operations.sns import publish, topic_resource
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
    ("iam", "CreateAccessKey"): Operation(create_access_key, subject_resource),
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
    ("organizations", "DescribeAccount"): Operation(describe_account, any_resource),
    ("organizations", "ListParents"): Operation(list_parents, any_resource),
    ("organizations", "ListTagsForResource"): Operation(list_tags_for_resource, any_resource),
    ("organizations", "TagResource"): Operation(tag_resource, any_resource),
    ("organizations", "UntagResource"): Operation(untag_resource, any_resource),
    ("organizations", "ListDelegatedAdministrators"): Operation(list_delegated_administrators, any_resource),
    ("organizations", "RegisterDelegatedAdministrator"): Operation(register_delegated_administrator, any_resource),
    ("organizations", "DeregisterDelegatedAdministrator"): Operation(deregister_delegated_administrator, any_resource),
    ("organizations", "ListAWSServiceAccessForOrganization"): Operation(list_aws_service_access_for_organization, any_resource),
    ("organizations", "EnableAWSServiceAccess"): Operation(enable_aws_service_access, any_resource),
    ("organizations", "DisableAWSServiceAccess"): Operation(disable_aws_service_access, any_resource),
    ("organizations", "CreatePolicy"): Operation(create_policy, any_resource),
    ("organizations", "UpdatePolicy"): Operation(update_policy, any_resource),
    ("organizations", "DeletePolicy"): Operation(delete_policy, any_resource),
    ("organizations", "DescribePolicy"): Operation(describe_policy, any_resource),
    ("organizations", "ListPolicies"): Operation(list_policies, any_resource),
    ("organizations", "AttachPolicy"): Operation(attach_policy, any_resource),
    ("organizations", "DetachPolicy"): Operation(detach_policy, any_resource),
    ("organizations", "ListPoliciesForTarget"): Operation(list_policies_for_target, any_resource),
    ("organizations", "ListTargetsForPolicy"): Operation(list_targets_for_policy, any_resource),
    ("organizations", "EnablePolicyType"): Operation(enable_policy_type, any_resource),
    ("organizations", "DisablePolicyType"): Operation(disable_policy_type, any_resource),
    ("cloudtrail", "LookupEvents"): Operation(lookup_events, any_resource),
    ("ec2", "DescribeRegions"): Operation(describe_regions, any_resource),
    ("securityhub", "BatchImportFindings"): Operation(batch_import_findings, product_resource),
    ("securityhub", "GetFindings"): Operation(get_findings, hub_resource),
    ("sns", "Publish"): Operation(publish, topic_resource),
    ("events", "PutEvents"): Operation(put_events, bus_resource),
    ("s3", "PutObject"): Operation(put_object, object_resource),
    ("s3", "GetObject"): Operation(get_object, object_resource),
    ("s3", "HeadObject"): Operation(head_object, object_resource),
    ("s3", "ListObjectsV2"): Operation(list_objects_v2, bucket_resource),
}
