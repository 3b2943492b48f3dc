from datetime import UTC, datetime

import pytest

from rootsweep_emulator import Credentials, Emulator, Refuse, Rule, Throttle
from rootsweep_emulator.state.account import AccountState
from rootsweep_emulator.state.identifiers import account_of
from rootsweep_emulator.state.organization import Feature
from tests.emulator.clients import AUDIT_TASK, DELETE_TASK, client, credentials_of, error_of, root_session


@pytest.mark.parametrize(
    ("caller", "arn", "user_id"),
    [
        ("clean", "arn:aws:iam::111122223333:user/auditor", None),
        ("caller-is-root", "arn:aws:iam::888899990000:root", "888899990000"),
        ("govcloud", "arn:aws-us-gov:iam::999900001111:user/auditor", None),
    ],
)
def test_a_caller_learns_who_it_is(demo: Emulator, caller: str, arn: str, user_id: str | None) -> None:
    answer = client(demo, "sts", caller).get_caller_identity()
    assert answer["Arn"] == arn
    assert answer["Account"] == arn.split(":")[4]
    assert answer["UserId"] == user_id or answer["UserId"].startswith("AIDA")
    assert answer["ResponseMetadata"]["RequestId"]


def test_a_role_that_trusts_the_caller_is_assumed(organization: Emulator, member: str) -> None:
    sts = client(organization, "sts", "security")
    answer = sts.assume_role(RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit", DurationSeconds=1800)
    lasts = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert 1790 < lasts.total_seconds() <= 1800
    assert account_of(answer["Credentials"]["AccessKeyId"]) == member
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{member}:assumed-role/RootAudit/audit"
    within = credentials_of(answer)
    assert client(organization, "sts", within).get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert client(organization, "iam", within).get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 0


@pytest.mark.parametrize("role", ["role/Missing", "role/path/Missing"])
def test_a_role_that_is_not_there_is_denied(organization: Emulator, member: str, role: str) -> None:
    sts = client(organization, "sts", "security")
    arn = f"arn:aws:iam::{member}:{role}"
    caller = sts.get_caller_identity()["Arn"]
    expected = ("AccessDenied", f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403)
    assert error_of(sts.assume_role, RoleArn=arn, RoleSessionName="audit") == expected


def test_a_role_that_trusts_others_is_denied(organization: Emulator, member: str) -> None:
    within = role_session(organization, member)
    other = organization.world.account("workload-00002").id
    sts = client(organization, "sts", within)
    code, _, _ = error_of(sts.assume_role, RoleArn=f"arn:aws:iam::{other}:role/RootAudit", RoleSessionName="audit")
    assert code == "AccessDenied"


def role_session(organization: Emulator, member: str) -> Credentials:
    sts = client(organization, "sts", "security")
    return credentials_of(sts.assume_role(RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit"))


def test_a_role_session_cannot_outlast_its_role(organization: Emulator, member: str) -> None:
    sts = client(organization, "sts", "management")
    code, message, status = error_of(
        sts.assume_role, RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit", DurationSeconds=7200
    )
    assert (code, status) == ("ValidationError", 400)
    assert message == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."


def test_the_root_user_assumes_no_role(demo: Emulator) -> None:
    sts = client(demo, "sts", "caller-is-root")
    code, message, _ = error_of(sts.assume_role, RoleArn="arn:aws:iam::111122223333:role/Any", RoleSessionName="audit")
    assert (code, message) == ("AccessDenied", "Roles may not be assumed by root accounts.")


@pytest.mark.parametrize("caller", ["management", "security"])
@pytest.mark.parametrize("target", ["{}", "arn:aws:iam::{}:root"])
def test_a_root_session_is_opened_for_member_accounts(organization: Emulator, member: str, caller: str, target: str) -> None:
    sts = client(organization, "sts", caller)
    answer = sts.assume_root(TargetPrincipal=target.format(member), TaskPolicyArn={"arn": AUDIT_TASK})
    lasts = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert 890 < lasts.total_seconds() <= 900
    identity = client(organization, "sts", credentials_of(answer)).get_caller_identity()
    assert (identity["Arn"], identity["UserId"]) == (f"arn:aws:iam::{member}:root", member)


def test_a_root_session_lasts_900_seconds_at_most(organization: Emulator, member: str) -> None:
    sts = client(organization, "sts", "management")
    task = {"arn": AUDIT_TASK}
    code, message, status = error_of(sts.assume_root, TargetPrincipal=member, TaskPolicyArn=task, DurationSeconds=901)
    assert (code, status) == ("ValidationError", 400)
    assert message == (
        "1 validation error detected: Value '901' at 'durationSeconds' failed to satisfy constraint: "
        "Member must have value less than or equal to 900"
    )


@pytest.mark.parametrize("arn", ["arn:aws:iam::aws:policy/AdministratorAccess", AUDIT_TASK.replace("arn:aws:", "arn:aws-cn:")])
def test_only_task_policies_are_taken(organization: Emulator, member: str, arn: str) -> None:
    sts = client(organization, "sts", "management")
    expected = ("ValidationError", "Request must contain valid AWS managed task policy ARN", 400)
    assert error_of(sts.assume_root, TargetPrincipal=member, TaskPolicyArn={"arn": arn}) == expected


@pytest.mark.parametrize(
    "target", ["not-an-account", "arn:aws:iam::111122223333:user/root", "arn:aws-cn:iam::111122223333:root"]
)
def test_only_root_users_are_targets(organization: Emulator, target: str) -> None:
    sts = client(organization, "sts", "management")
    expected = ("ValidationError", "Request must contain a valid target principal", 400)
    assert error_of(sts.assume_root, TargetPrincipal=target, TaskPolicyArn={"arn": AUDIT_TASK}) == expected


def assume_root_error(
    organization: Emulator, target: str, *, caller: str = "management", task: str = AUDIT_TASK
) -> tuple[str, str]:
    sts = client(organization, "sts", caller)
    code, message, status = error_of(sts.assume_root, TargetPrincipal=target, TaskPolicyArn={"arn": task})
    assert status == 403
    return code, message


def denial(organization: Emulator, target: str, caller: str = "management") -> tuple[str, str]:
    arn = client(organization, "sts", caller).get_caller_identity()["Arn"]
    return "AccessDenied", f"User: {arn} is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::{target}:root"


def test_the_management_account_is_no_target(organization: Emulator) -> None:
    management = organization.world.account("management").id
    assert assume_root_error(organization, management) == denial(organization, management)


def test_an_account_of_no_organization_is_no_target(organization: Emulator) -> None:
    assert assume_root_error(organization, "111122223333") == denial(organization, "111122223333")


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"])
def test_an_account_that_is_not_active_is_no_target(organization: Emulator, member: str, state: AccountState) -> None:
    organization.control.set_account_state(member, state)
    assert assume_root_error(organization, member) == denial(organization, member)


def test_an_account_that_is_no_delegate_opens_no_root_session(organization: Emulator, member: str) -> None:
    organization.control.set_delegated_administrators("management")
    assert assume_root_error(organization, member, caller="security") == denial(organization, member, "security")


def test_the_root_user_opens_no_root_session(demo: Emulator) -> None:
    assert assume_root_error(demo, "111122223333", caller="caller-is-root") == denial(demo, "111122223333", "caller-is-root")


@pytest.mark.parametrize(
    ("task", "feature", "message"),
    [
        (AUDIT_TASK, "RootSessions", "Root credentials management feature is not enabled for your AWS Organization."),
        (
            "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
            "RootCredentialsManagement",
            "Root sessions feature is not enabled for your AWS Organization.",
        ),
    ],
)
def test_a_task_needs_its_own_feature(organization: Emulator, member: str, task: str, feature: Feature, message: str) -> None:
    organization.control.set_features("management", feature)
    assert assume_root_error(organization, member, task=task) == ("AccessDenied", message)


def test_root_sessions_need_trusted_access(organization: Emulator, member: str) -> None:
    organization.control.set_trusted_access("management", enabled=False)
    expected = ("AccessDenied", "Service not enabled for AWS Organizations.")
    assert assume_root_error(organization, member) == expected


def test_a_session_goes_on_after_the_feature_is_disabled(organization: Emulator, member: str) -> None:
    session = root_session(organization, member)
    organization.control.set_features("management")
    assert client(organization, "iam", session).list_access_keys()["AccessKeyMetadata"] == []


def test_delegation_goes_on_for_as_long_as_consistency_lags(organization: Emulator, member: str) -> None:
    organization.control.set_consistency_lag(60)
    organization.control.set_delegated_administrators("management")
    root_session(organization, member, caller="security")
    organization.control.advance(61)
    assert assume_root_error(organization, member, caller="security") == denial(organization, member, "security")


def test_a_session_of_a_delete_task_reads_no_summary(organization: Emulator, member: str) -> None:
    iam = client(organization, "iam", root_session(organization, member, DELETE_TASK))
    code, message, status = error_of(iam.get_account_summary)
    assert (code, status) == ("AccessDenied", 403)
    assert message == (
        f"User: arn:aws:iam::{member}:root is not authorized to perform: iam:GetAccountSummary on resource: * "
        "with an explicit deny in a session policy"
    )


def test_faults_on_sts_are_about_the_account_that_is_opened(organization: Emulator, member: str) -> None:
    organization.control.add_fault(Rule(Refuse("RegionDisabledException"), "sts", "AssumeRoot", member))
    sts = client(organization, "sts", "management")
    code, _, status = error_of(sts.assume_root, TargetPrincipal=member, TaskPolicyArn={"arn": AUDIT_TASK})
    assert (code, status) == ("RegionDisabledException", 403)
    root_session(organization, organization.world.account("workload-00002").id)
    assert organization.control.calls("sts", "AssumeRoot", member) == 1


def test_sts_throttles_by_its_own_code(organization: Emulator) -> None:
    organization.control.add_fault(Rule(Throttle(rate=0.001, burst=1), "sts"))
    sts = client(organization, "sts", "management")
    sts.get_caller_identity()
    assert error_of(sts.get_caller_identity) == ("Throttling", "Rate exceeded", 400)
