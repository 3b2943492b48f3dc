"""The account, its credential report, and whose keys a call is about (IAM API reference).

A call is about the keys of the user that it names, else about the caller's own. For the report see also IAM User Guide,
"Credential report".
"""

from dataclasses import dataclass
from typing import Final

from rootsweep_emulator.access.callers import RoleCaller, UserCaller, user_arn
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, moment
from rootsweep_emulator.state.account import Eventual, Keys, Report, User
from rootsweep_emulator.state.credential_report import write_report
from rootsweep_emulator.state.identifiers import unique_id

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


@dataclass(frozen=True, slots=True)
class Subject:
    """An IAM user, or the root user where ``user`` is None; and its keys."""

    user: User | None
    keys: Eventual[Keys]


def subject_resource(call: Call) -> str:
    """Name the subject as a resource.

    The task policies' resource is the root user's ARN, so a named user is out of their reach.
    Assumption: a role that names no user is denied on ``*``.
    """
    name = call.parameters.get("UserName")
    if name is None and isinstance(call.caller, RoleCaller):
        return "*"
    if name is None and not isinstance(call.caller, UserCaller):
        return call.account.root_arn
    return user_arn(call.account, name or _own_name(call))


def subject_of(call: Call) -> Subject:
    """Find the subject of a call.

    IAM API reference, ListAccessKeys: without a name it is determined from the access key that signed the request.

    Raises:
        ServiceError: NoSuchEntity, or ValidationError for a role that names no user.
    """
    name = call.parameters.get("UserName")
    if name is None and isinstance(call.caller, RoleCaller):
        raise ServiceError("ValidationError", "Must specify userName when calling with non-User credentials")
    if name is None and not isinstance(call.caller, UserCaller):
        return Subject(None, call.account.root.keys)
    user = call.account.user(name or _own_name(call))
    if user is None:
        raise ServiceError("NoSuchEntity", f"The user with name {name} cannot be found.")
    return Subject(user, user.keys)


def _own_name(call: Call) -> str:
    return call.caller.user.name if isinstance(call.caller, UserCaller) else ""


REPORT_LIFE: Final = 4 * 3600
"""Seconds that a report is kept before a new one can be made: four hours."""


def generate_credential_report(call: Call) -> Answer:
    """Start a report, unless one is being made or is less than four hours old.

    Assumption: the age counts from GeneratedTime.
    """
    account, report = call.account, call.account.report
    if report is not None and report.ready_at > call.now:
        return {"State": "INPROGRESS"}
    if report is not None and call.now - report.started_at < REPORT_LIFE:
        return {"State": "COMPLETE"}
    content = write_report(call.world, account, call.now)
    account.report = Report(call.now, call.now + account.report_seconds, content)
    return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}


def get_credential_report(call: Call) -> Answer:
    """Return the kept report: its bytes survive changes to the account.

    Assumption: GeneratedTime is when the report was asked for. ReportInProgress comes without a text (captured AWS answers,
    commercial partition, September 2026).
    """
    report = call.account.report
    if report is None:
        raise ServiceError("ReportNotPresent", "No report is present. Generate one with GenerateCredentialReport.")
    if report.ready_at > call.now:
        raise ServiceError("ReportInProgress", None)
    if call.now - report.started_at >= REPORT_LIFE:
        raise ServiceError("ReportExpired", "The most recent credential report has expired. Generate a new one.")
    return {"Content": report.content, "ReportFormat": "text/csv", "GeneratedTime": moment(report.started_at)}
