import csv
import math
import time

import pytest

from rootsweep_emulator import Emulator, Omit, Rule, ServiceControlDeny
from tests.emulator.clients import DELETE_TASK, client, credentials_of, error_of, root_session


def summary(emulator: Emulator, caller: str) -> dict[str, int]:
    found: dict[str, int] = client(emulator, "iam", caller).get_account_summary()["SummaryMap"]
    return found


@pytest.mark.parametrize(
    ("account", "present"),
    [("clean", 0), ("active", 1), ("inactive", 1), ("both", 1), ("deleted-since-report", 0), ("created-since-report", 1)],
)
def test_the_summary_flags_any_root_key(demo: Emulator, account: str, present: int) -> None:
    assert summary(demo, account)["AccountAccessKeysPresent"] == present


def test_the_summary_follows_changes_at_once(demo: Emulator) -> None:
    key_id = demo.control.create_root_key("clean")
    assert summary(demo, "clean")["AccountAccessKeysPresent"] == 1
    demo.control.delete_root_key("clean", key_id)
    assert summary(demo, "clean")["AccountAccessKeysPresent"] == 0


def test_the_summary_follows_changes_after_the_lag(demo: Emulator) -> None:
    demo.control.set_consistency_lag(30)
    demo.control.create_root_key("clean")
    assert summary(demo, "clean")["AccountAccessKeysPresent"] == 0
    demo.control.advance(31)
    assert summary(demo, "clean")["AccountAccessKeysPresent"] == 1


def test_a_member_of_an_answer_can_be_left_out(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Omit(("SummaryMap", "AccountAccessKeysPresent")), "iam"))
    found = summary(demo, "clean")
    assert "AccountAccessKeysPresent" not in found
    assert found["AccountMFAEnabled"] == 1


def test_a_missing_permission_is_named(demo: Emulator) -> None:
    iam = client(demo, "iam", "permission-missing")
    assert error_of(iam.get_account_summary) == (
        "AccessDenied",
        (
            "User: arn:aws:iam::777788889999:user/intern is not authorized to perform: iam:GetAccountSummary on resource: * "
            "because no identity-based policy allows the iam:GetAccountSummary action"
        ),
        403,
    )


def test_a_user_without_a_name_lists_its_own_keys(demo: Emulator) -> None:
    iam = client(demo, "iam", "active")
    (own,) = iam.list_access_keys()["AccessKeyMetadata"]
    assert own["UserName"] == "auditor"
    assert own["AccessKeyId"] == demo.credentials("active").access_key_id
    assert iam.list_access_keys(UserName="auditor")["AccessKeyMetadata"] == [own]


def test_root_lists_its_own_keys(demo: Emulator) -> None:
    (key,) = client(demo, "iam", "caller-is-root").list_access_keys()["AccessKeyMetadata"]
    assert key["AccessKeyId"] == demo.credentials("caller-is-root").access_key_id
    assert (key["Status"], "UserName" in key) == ("Active", False)


def test_a_named_user_is_looked_up(demo: Emulator) -> None:
    iam = client(demo, "iam", "active")
    expected = ("NoSuchEntity", "The user with name nobody cannot be found.", 404)
    assert error_of(iam.list_access_keys, UserName="nobody") == expected
    assert error_of(iam.get_user, UserName="nobody") == expected


def test_a_role_must_name_a_user(organization: Emulator, member: str) -> None:
    sts = client(organization, "sts", "security")
    organization.control.set_role_actions(member, "RootAudit", "iam:*")
    role = credentials_of(sts.assume_role(RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit"))
    iam = client(organization, "iam", role)
    expected = ("ValidationError", "Must specify userName when calling with non-User credentials", 400)
    assert error_of(iam.list_access_keys) == expected
    assert error_of(iam.get_user) == expected


def test_users_and_root_are_described(demo: Emulator) -> None:
    user = client(demo, "iam", "clean").get_user()["User"]
    assert (user["UserName"], user["Path"]) == ("auditor", "/")
    root = client(demo, "iam", "caller-is-root").get_user()["User"]
    assert root.keys() == {"UserId", "Arn", "CreateDate"}
    assert root["UserId"] == "888899990000"


def test_keys_are_listed_page_by_page(demo: Emulator) -> None:
    demo.control.create_root_key("caller-is-root")
    iam = client(demo, "iam", "caller-is-root")
    first = iam.list_access_keys(MaxItems=1)
    assert (first["IsTruncated"], len(first["AccessKeyMetadata"])) == (True, 1)
    second = iam.list_access_keys(MaxItems=1, Marker=first["Marker"])
    assert (second["IsTruncated"], len(second["AccessKeyMetadata"])) == (False, 1)
    listed = [entry["AccessKeyId"] for entry in first["AccessKeyMetadata"] + second["AccessKeyMetadata"]]
    assert listed == [key.id for key in demo.control.root_keys("caller-is-root")]
    assert error_of(iam.list_access_keys, Marker="elsewhere")[0] == "ValidationError"


def test_an_audit_session_sees_root_keys_and_their_last_use(organization: Emulator, member: str) -> None:
    key_id = organization.control.create_root_key(member, age=86400, status="Inactive")
    organization.control.record_root_key_use(member, key_id, age=7200, region="eu-west-1", service="ec2")
    iam = client(organization, "iam", root_session(organization, member))
    (key,) = iam.list_access_keys()["AccessKeyMetadata"]
    assert (key["AccessKeyId"], key["Status"]) == (key_id, "Inactive")
    used = iam.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"]
    assert (used["Region"], used["ServiceName"]) == ("eu-west-1", "ec2")
    assert abs(time.time() - 7200 - used["LastUsedDate"].timestamp()) < 60


def test_a_key_that_was_never_used_has_no_date(organization: Emulator, member: str) -> None:
    key_id = organization.control.create_root_key(member)
    iam = client(organization, "iam", root_session(organization, member))
    used = iam.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"]
    assert used == {"Region": "N/A", "ServiceName": "N/A"}


def test_a_use_shows_after_a_quarter_of_an_hour(demo: Emulator) -> None:
    iam = client(demo, "iam", "clean")
    key_id = demo.credentials("clean").access_key_id
    iam.get_account_summary()
    assert "LastUsedDate" not in iam.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"]
    demo.control.advance(901)
    answer = iam.get_access_key_last_used(AccessKeyId=key_id)
    assert (answer["UserName"], answer["AccessKeyLastUsed"]["ServiceName"]) == ("auditor", "iam")


def test_keys_of_other_accounts_are_denied(demo: Emulator) -> None:
    iam = client(demo, "iam", "clean")
    code, _, status = error_of(iam.get_access_key_last_used, AccessKeyId=demo.control.root_keys("active")[0].id)
    assert (code, status) == ("AccessDenied", 403)


def test_an_audit_session_names_no_user(organization: Emulator, member: str) -> None:
    iam = client(organization, "iam", root_session(organization, member))
    code, message, _ = error_of(iam.list_access_keys, UserName="root")
    assert code == "AccessDenied"
    assert f"arn:aws:iam::{member}:user/root with an explicit deny in a session policy" in message


def test_a_delete_session_deletes_a_root_key_and_nothing_deactivates_one(organization: Emulator, member: str) -> None:
    key_id = organization.control.create_root_key(member)
    iam = client(organization, "iam", root_session(organization, member, DELETE_TASK))
    assert error_of(iam.update_access_key, AccessKeyId=key_id, Status="Inactive")[0] == "AccessDenied"
    iam.delete_access_key(AccessKeyId=key_id)
    assert organization.control.root_keys(member) == ()
    expected = ("NoSuchEntity", f"The Access Key with id {key_id} cannot be found.", 404)
    assert error_of(iam.delete_access_key, AccessKeyId=key_id) == expected


def test_an_audit_session_deletes_nothing(organization: Emulator, member: str) -> None:
    key_id = organization.control.create_root_key(member)
    iam = client(organization, "iam", root_session(organization, member))
    assert error_of(iam.delete_access_key, AccessKeyId=key_id)[0] == "AccessDenied"
    assert [key.id for key in organization.control.root_keys(member)] == [key_id]


def test_root_deactivates_its_key_and_is_locked_out(demo: Emulator) -> None:
    iam = client(demo, "iam", "caller-is-root")
    iam.update_access_key(AccessKeyId=demo.credentials("caller-is-root").access_key_id, Status="Inactive")
    assert demo.control.root_keys("caller-is-root")[0].status == "Inactive"
    expected = ("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    assert error_of(iam.list_access_keys) == expected


def test_a_status_that_cannot_be_set_is_refused(demo: Emulator) -> None:
    iam = client(demo, "iam", "caller-is-root")
    key_id = demo.credentials("caller-is-root").access_key_id
    assert error_of(iam.update_access_key, AccessKeyId=key_id, Status="Expired")[0] == "InvalidInput"
    assert error_of(iam.update_access_key, AccessKeyId=key_id, Status="Gone")[0] == "ValidationError"


def test_aliases_are_listed(demo: Emulator) -> None:
    assert client(demo, "iam", "clean").list_account_aliases()["AccountAliases"] == []
    demo.world.account("clean").alias = "clean-company"
    assert client(demo, "iam", "clean").list_account_aliases()["AccountAliases"] == ["clean-company"]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().split("\n")))


def test_a_report_has_the_captured_form(demo: Emulator) -> None:
    content = client(demo, "iam", "inactive").get_credential_report()["Content"]
    assert b"\r" not in content
    assert not content.endswith(b"\n")
    root, auditor = rows(content)
    assert len(root) == 22
    assert (root["user"], root["arn"]) == ("<root_account>", "arn:aws:iam::333344445555:root")
    assert root["password_next_rotation"] == "not_supported"
    assert root["access_key_1_active"] == "false"
    assert root["access_key_1_last_rotated"].endswith("Z")
    assert (root["access_key_2_active"], root["access_key_2_last_rotated"]) == ("false", "N/A")
    assert (auditor["user"], auditor["access_key_1_active"]) == ("auditor", "true")


def test_a_report_of_both_keys_has_both_slots(demo: Emulator) -> None:
    iam = client(demo, "iam", "both")
    assert error_of(iam.get_credential_report)[::2] == ("ReportNotPresent", 410)
    iam.generate_credential_report()
    root = rows(iam.get_credential_report()["Content"])[0]
    assert (root["access_key_1_active"], root["access_key_2_active"]) == ("false", "true")
    assert (root["access_key_1_last_used_region"], root["access_key_1_last_used_service"]) == ("eu-west-1", "ec2")


def test_the_documented_23rd_column_can_be_had(demo: Emulator) -> None:
    demo.world.additional_credentials_column = True
    demo.control.make_report("clean")
    root = rows(client(demo, "iam", "clean").get_credential_report()["Content"])[0]
    assert (len(root), root["additional_credentials_info"]) == (23, "N/A")


@pytest.mark.parametrize(("account", "active"), [("deleted-since-report", "true"), ("created-since-report", "false")])
def test_a_report_keeps_its_bytes_for_four_hours(demo: Emulator, account: str, active: str) -> None:
    iam = client(demo, "iam", account)
    before = iam.get_credential_report()
    assert rows(before["Content"])[0]["access_key_1_active"] == active
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    assert iam.get_credential_report()["Content"] == before["Content"]
    demo.control.advance(2 * 3600 + 1)
    assert error_of(iam.get_credential_report)[::2] == ("ReportExpired", 410)
    assert iam.generate_credential_report()["State"] == "STARTED"
    after = iam.get_credential_report()
    assert rows(after["Content"])[0]["access_key_1_active"] != active
    assert after["GeneratedTime"] > before["GeneratedTime"]


def test_a_report_takes_its_time(demo: Emulator) -> None:
    demo.control.set_report_seconds("both", 2)
    iam = client(demo, "iam", "both")
    assert iam.generate_credential_report()["State"] == "STARTED"
    assert iam.generate_credential_report()["State"] == "INPROGRESS"
    assert error_of(iam.get_credential_report) == ("ReportInProgress", "", 404)
    demo.control.advance(3)
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    assert iam.get_credential_report()["ReportFormat"] == "text/csv"


def test_a_report_can_take_for_ever(demo: Emulator) -> None:
    demo.control.set_report_seconds("both", math.inf)
    iam = client(demo, "iam", "both")
    iam.generate_credential_report()
    demo.control.advance(10**6)
    assert iam.generate_credential_report()["State"] == "INPROGRESS"
    assert error_of(iam.get_credential_report)[0] == "ReportInProgress"


@pytest.mark.parametrize(("exempt", "denied"), [(False, True), (True, False)])
def test_a_deny_of_root_breaks_root_sessions_unless_they_are_exempt(
    organization: Emulator, member: str, *, exempt: bool, denied: bool
) -> None:
    organization.control.set_service_control_denies(member, ServiceControlDeny(exempts_root_sessions=exempt))
    iam = client(organization, "iam", root_session(organization, member))
    if not denied:
        assert iam.list_access_keys()["AccessKeyMetadata"] == []
        return
    assert error_of(iam.list_access_keys) == (
        "AccessDenied",
        (
            f"User: arn:aws:iam::{member}:root is not authorized to perform: iam:ListAccessKeys on resource: "
            f"arn:aws:iam::{member}:root with an explicit deny in a service control policy"
        ),
        403,
    )


def test_service_control_policies_spare_the_management_account(organization: Emulator) -> None:
    organization.control.set_service_control_denies("management", ServiceControlDeny(root_only=False))
    assert client(organization, "iam", "management").list_account_aliases()["AccountAliases"] == []
    organization.control.set_service_control_denies("security", ServiceControlDeny(root_only=False))
    assert error_of(client(organization, "iam", "security").list_account_aliases)[0] == "AccessDenied"


def features(emulator: Emulator, caller: str = "management") -> list[str]:
    found: list[str] = client(emulator, "iam", caller).list_organizations_features()["EnabledFeatures"]
    return found


def test_features_are_disabled_and_enabled(organization: Emulator) -> None:
    delegate, management = client(organization, "iam", "security"), client(organization, "iam", "management")
    assert features(organization, "security") == ["RootCredentialsManagement", "RootSessions"]
    assert delegate.disable_organizations_root_credentials_management()["EnabledFeatures"] == ["RootSessions"]
    assert delegate.disable_organizations_root_sessions()["EnabledFeatures"] == []
    code, _, status = error_of(delegate.enable_organizations_root_sessions)
    assert (code, status) == ("CallerIsNotManagementAccountException", 400)
    assert management.enable_organizations_root_sessions()["EnabledFeatures"] == ["RootSessions"]
    enabled = management.enable_organizations_root_credentials_management()
    assert enabled["EnabledFeatures"] == ["RootCredentialsManagement", "RootSessions"]
    assert (
        enabled["OrganizationId"]
        == client(organization, "organizations", "management").describe_organization()["Organization"]["Id"]
    )


def test_features_need_trusted_access_delegation_and_an_organization(organization: Emulator, demo: Emulator) -> None:
    organization.control.set_delegated_administrators("management")
    security = organization.world.account("security").id
    assert error_of(client(organization, "iam", "security").list_organizations_features) == (
        "AccountNotManagementOrDelegatedAdministratorException",
        f"Input account {security} is neither management account nor delegated admin.",
        400,
    )
    organization.control.set_trusted_access("management", enabled=False)
    management = organization.world.account("management").id
    assert error_of(client(organization, "iam", "management").list_organizations_features) == (
        "ServiceAccessNotEnabledException",
        f"Trusted Access for IAM not enabled by organization of input account {management}.",
        400,
    )
    organization.control.set_trusted_access("management", enabled=True)
    assert features(organization) == ["RootCredentialsManagement", "RootSessions"]
    alone = client(demo, "iam", "caller-is-root")
    assert error_of(alone.list_organizations_features)[0] == "OrganizationNotFoundException"
