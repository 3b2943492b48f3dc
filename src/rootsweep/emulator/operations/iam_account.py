"""GetAccountSummary, GetUser, ListAccountAliases (IAM API reference)."""

from typing import Final

from rootsweep.emulator.access.callers import user_arn
from rootsweep.emulator.operations.call import Answer, Call, moment
from rootsweep.emulator.operations.iam_subject import subject_of
from rootsweep.emulator.state.identifiers import unique_id

_QUOTAS: Final = {
    "UsersQuota": 5000,
    "GroupsQuota": 300,
    "ServerCertificatesQuota": 20,
    "UserPolicySizeQuota": 2048,
    "GroupPolicySizeQuota": 5120,
    "GroupsPerUserQuota": 10,
    "SigningCertificatesPerUserQuota": 2,
    "AccessKeysPerUserQuota": 2,
    "AttachedPoliciesPerGroupQuota": 10,
    "AttachedPoliciesPerRoleQuota": 10,
    "AttachedPoliciesPerUserQuota": 10,
    "PoliciesQuota": 1500,
    "PolicySizeQuota": 6144,
    "PolicyVersionsInUseQuota": 10000,
    "VersionsPerPolicyQuota": 5,
    "AssumeRolePolicySizeQuota": 2048,
    "InstanceProfilesQuota": 1000,
    "RolePolicySizeQuota": 10240,
    "RolesQuota": 1000,
}
"""IAM User Guide, "IAM and AWS STS quotas", the defaults."""

_NOT_EMULATED: Final = dict.fromkeys(
    (
        "Groups",
        "ServerCertificates",
        "Policies",
        "PolicyVersionsInUse",
        "InstanceProfiles",
        "Providers",
        "AccountSigningCertificatesPresent",
    ),
    0,
)


def get_account_summary(call: Call) -> Answer:
    """Count what the account holds.

    ``AccountAccessKeysPresent`` is 1 when the root user has any key, however many and whether active or not (CIS AWS
    Foundations Benchmark 4.0.1, 1.4, note on inactive keys). Assumption: no live answer for an inactive key alone was captured.
    """
    account, root = call.account, call.account.root
    mfa = int(root.has_mfa)
    counts = {
        "Users": len(account.users),
        "Roles": len(account.roles),
        "MFADevices": mfa,
        "MFADevicesInUse": mfa,
        "AccountMFAEnabled": mfa,
        "AccountAccessKeysPresent": int(bool(root.keys.seen(call.now))),
        "AccountPasswordPresent": int(root.has_password),
        "GlobalEndpointTokenVersion": 1,
    }
    return {"SummaryMap": counts | _NOT_EMULATED | _QUOTAS}


def get_user(call: Call) -> Answer:
    """Describe the named user, else the caller.

    For the root user the answer has its id, ARN and creation date, no name and no path (captured AWS answers, commercial
    partition, September 2026).
    """
    subject = subject_of(call)
    account = call.account
    if subject.user is None:
        described: Answer = {"UserId": account.id, "Arn": account.root_arn, "CreateDate": moment(account.created_at)}
        if account.root.password_last_used_at is not None:
            described["PasswordLastUsed"] = moment(account.root.password_last_used_at)
        return {"User": described}
    user = subject.user
    return {
        "User": {
            "Path": "/",
            "UserName": user.name,
            "UserId": unique_id("AIDA", account.id, user.name),
            "Arn": user_arn(account, user.name),
            "CreateDate": moment(user.created_at),
        }
    }


def list_account_aliases(call: Call) -> Answer:
    """List the account's alias, of which it has one or none."""
    alias = call.account.alias
    return {"AccountAliases": [] if alias is None else [alias], "IsTruncated": False}
