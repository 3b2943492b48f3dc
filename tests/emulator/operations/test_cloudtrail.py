"""The events of root users and of root sessions, as LookupEvents tells of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from rootsweep_emulator import Credentials, DenyAccess, Emulator, Rule, Throttle
from rootsweep_emulator.trail import KEPT
from tests.emulator.clients import DELETE_TASK, client, error_of, root_session
from tests.emulator.test_partitions import emulator_of

DAY = 86400.0


def trail(emulator: Emulator, account: str, region: str = "us-east-1") -> Any:
    """Make a CloudTrail client of a role in an account, which may look up events."""
    if account not in emulator.world.named:
        emulator.world.named[account] = (emulator.world.account(account).id, "role/RootAudit")
        emulator.control.set_role_actions(account, "RootAudit", "cloudtrail:LookupEvents")
    return client(emulator, "cloudtrail", account, region=region)


def events(cloudtrail: Any, **parameters: Any) -> list[dict[str, Any]]:
    pages = cloudtrail.get_paginator("lookup_events").paginate(**parameters)
    return [event for page in pages for event in page["Events"]]


def by(key: str, value: str) -> dict[str, Any]:
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def documents(cloudtrail: Any, **parameters: Any) -> list[dict[str, Any]]:
    return [json.loads(event["CloudTrailEvent"]) for event in events(cloudtrail, **parameters)]


@pytest.fixture
def root_key(organization: Emulator, member: str) -> Credentials:
    """Give the member's root user a key."""
    organization.control.create_root_key(member)
    organization.world.named["root"] = (member, "root")
    return organization.credentials("root")


def test_a_root_key_s_calls_are_recorded(organization: Emulator, member: str, root_key: Credentials) -> None:
    client(organization, "iam", root_key).list_access_keys()
    client(organization, "sts", root_key, region="eu-west-1").get_caller_identity()
    (event,) = events(trail(organization, member), **by("AccessKeyId", root_key.access_key_id))
    assert (event["EventName"], event["EventSource"], event["Username"]) == ("ListAccessKeys", "iam.amazonaws.com", "root")
    assert (event["AccessKeyId"], event["ReadOnly"]) == (root_key.access_key_id, "true")
    document = json.loads(event["CloudTrailEvent"])
    assert document["userIdentity"] == {
        "type": "Root",
        "principalId": member,
        "arn": f"arn:aws:iam::{member}:root",
        "accountId": member,
        "accessKeyId": root_key.access_key_id,
    }
    assert (document["awsRegion"], document["recipientAccountId"]) == ("us-east-1", member)
    assert (document["eventID"], document["requestParameters"], document["responseElements"]) == (event["EventId"], None, None)
    assert "errorCode" not in document
    (elsewhere,) = documents(trail(organization, member, "eu-west-1"))
    assert (elsewhere["eventName"], elsewhere["awsRegion"]) == ("GetCallerIdentity", "eu-west-1")


def test_an_alias_is_named(organization: Emulator, member: str, root_key: Credentials) -> None:
    organization.world.account(member).alias = "company"
    client(organization, "iam", root_key).get_user()
    assert documents(trail(organization, member))[0]["userIdentity"]["userName"] == "company"


def test_keys_made_and_changed_are_told_of(organization: Emulator, member: str, root_key: Credentials) -> None:
    iam = client(organization, "iam", root_key)
    made = iam.create_access_key()["AccessKey"]["AccessKeyId"]
    iam.update_access_key(AccessKeyId=made, Status="Inactive")
    iam.delete_access_key(AccessKeyId=made)
    deleted, updated, created = documents(trail(organization, member))
    assert [deleted["eventName"], updated["eventName"], created["eventName"]] == [
        "DeleteAccessKey",
        "UpdateAccessKey",
        "CreateAccessKey",
    ]
    assert created["requestParameters"] is None
    key = created["responseElements"]["accessKey"]
    assert (key["accessKeyId"], key["status"], "userName" in key, "secretAccessKey" in key) == (made, "Active", False, False)
    assert updated["requestParameters"] == {"accessKeyId": made, "status": "Inactive"}
    assert deleted["requestParameters"] == {"accessKeyId": made}
    assert {document["readOnly"] for document in (deleted, updated, created)} == {False}


def test_a_root_session_is_traced_from_its_opening_to_its_calls(organization: Emulator, member: str) -> None:
    session = root_session(organization, member, DELETE_TASK)
    key_id = organization.control.create_root_key(member)
    client(organization, "iam", session).delete_access_key(AccessKeyId=key_id)
    organization.world.account("management").users[0].actions = ("cloudtrail:*",)
    (opened,) = documents(trail(organization, "management"), **by("EventName", "AssumeRoot"))
    assert opened["userIdentity"]["type"] == "IAMUser"
    assert opened["requestParameters"] == {"targetPrincipal": member, "taskPolicyArn": {"arn": DELETE_TASK}}
    credentials = opened["responseElements"]["credentials"]
    assert credentials.keys() == {"accessKeyId", "expiration"}
    assert credentials["accessKeyId"] == session.access_key_id
    (deleted,) = documents(trail(organization, member), **by("AccessKeyId", credentials["accessKeyId"]))
    identity = deleted["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("Root", session.access_key_id)
    assert identity["sessionContext"].keys() == {"attributes"}
    assert identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "false"


def test_a_role_that_opens_a_session_is_named(organization: Emulator, member: str) -> None:
    security = organization.world.account("security")
    security.roles = organization.world.account(member).roles
    organization.control.set_role_actions("security", "RootAudit", "sts:*", "cloudtrail:*")
    organization.world.named["auditor"] = (security.id, "role/RootAudit")
    root_session(organization, member, caller="auditor")
    cloudtrail = client(organization, "cloudtrail", "auditor")
    (event,) = events(cloudtrail, **by("Username", "scenario"))
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert (identity["type"], identity["sessionContext"]["sessionIssuer"]["userName"]) == ("AssumedRole", "RootAudit")


def test_denied_calls_are_recorded_as_such(organization: Emulator, member: str) -> None:
    session = root_session(organization, member)
    iam = client(organization, "iam", session)
    assert error_of(iam.delete_access_key, AccessKeyId="AKIAIOSFODNN7EXAMPLE")[0] == "AccessDenied"
    handle = organization.control.add_fault(Rule(DenyAccess(by_service_control_policy=True), "iam"))
    assert error_of(iam.list_access_keys)[0] == "AccessDenied"
    organization.control.remove_fault(handle)
    organization.control.add_fault(Rule(Throttle(rate=1, burst=0), "iam"))
    assert error_of(iam.list_access_keys)[0] == "Throttling"
    listed, deleted = documents(trail(organization, member))
    assert (listed["errorCode"], deleted["errorCode"]) == ("AccessDenied", "AccessDenied")
    assert deleted["errorMessage"].endswith("with an explicit deny in a session policy")


def test_calls_of_users_are_not_recorded(organization: Emulator) -> None:
    client(organization, "iam", "management").list_account_aliases()
    organization.world.account("management").users[0].actions = ("cloudtrail:*",)
    assert events(trail(organization, "management")) == []


def test_past_events_are_made(organization: Emulator, member: str) -> None:
    key_id, control = "AKIAIOSFODNN7EXAMPLE", organization.control
    made = control.record_event(member, key_id, "PutObject", "s3.amazonaws.com", "eu-west-1", 2 * DAY)
    control.record_event(member, key_id, "RunInstances", "ec2.amazonaws.com", "eu-west-1", DAY, "AccessDenied")
    control.record_event(member, key_id, "ListBuckets", "s3.amazonaws.com", "us-east-1", DAY)
    control.record_event(member, key_id, "ListBuckets", "s3.amazonaws.com", "eu-west-1", 91 * DAY)
    control.record_event(member, "ASIAIOSFODNN7EXAMPLE", "GetUser", "iam.amazonaws.com", "eu-west-1", 60)
    cloudtrail = trail(organization, member, "eu-west-1")
    ran, put = documents(cloudtrail, **by("AccessKeyId", key_id))
    assert (ran["eventName"], ran["errorCode"], put["eventName"]) == ("RunInstances", "AccessDenied", "PutObject")
    assert put["eventID"] == made
    assert "sessionContext" not in put["userIdentity"]
    (by_session,) = documents(cloudtrail, **by("EventName", "GetUser"))
    assert "sessionContext" in by_session["userIdentity"]
    now = control.now()
    between = {"StartTime": now - 1.5 * DAY, "EndTime": now - DAY / 2}
    assert [event["EventName"] for event in events(cloudtrail, **between)] == ["RunInstances"]


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("EventName", "GetUser", 1),
        ("Username", "root", 2),
        ("Username", "auditor", 0),
        ("EventSource", "s3.amazonaws.com", 1),
        ("ReadOnly", "true", 1),
        ("ReadOnly", "false", 1),
        ("ResourceName", "anything", 0),
        ("EventId", "00000000-0000-4000-9000-000000000001", 1),
    ],
)
def test_events_are_looked_up_by_an_attribute(organization: Emulator, member: str, key: str, value: str, found: int) -> None:
    organization.control.record_event(member, "AKIA", "GetUser", "iam.amazonaws.com", "us-east-1", 60)
    organization.control.record_event(member, "AKIA", "CreateBucket", "s3.amazonaws.com", "us-east-1", 60)
    assert len(events(trail(organization, member), **by(key, value))) == found


def test_events_come_in_pages_of_50_newest_first_and_the_oldest_are_forgotten(organization: Emulator, member: str) -> None:
    for number in range(KEPT + 100):
        organization.control.record_event(
            member, "AKIA", f"Get{number}", "s3.amazonaws.com", "us-east-1", KEPT + 200.0 - number
        )
    cloudtrail = trail(organization, member)
    pages = list(cloudtrail.get_paginator("lookup_events").paginate())
    assert [len(page["Events"]) for page in pages] == [50] * (KEPT // 50)
    assert pages[0]["Events"][0]["EventName"] == f"Get{KEPT + 99}"
    assert pages[-1]["Events"][-1]["EventName"] == "Get100"
    assert len(cloudtrail.lookup_events(MaxResults=1)["Events"]) == 1


def test_slips_are_refused(organization: Emulator, member: str) -> None:
    cloudtrail = trail(organization, member)
    twice = by("EventName", "GetUser")["LookupAttributes"] * 2
    assert error_of(cloudtrail.lookup_events, LookupAttributes=twice)[::2] == ("InvalidLookupAttributesException", 400)
    code, _, status = error_of(cloudtrail.lookup_events, StartTime=2, EndTime=1)
    assert (code, status) == ("InvalidTimeRangeException", 400)
    assert error_of(cloudtrail.lookup_events, NextToken="elsewhere")[::2] == ("InvalidNextTokenException", 400)
    assert error_of(cloudtrail.lookup_events, MaxResults=51)[::2] == ("ValidationException", 400)
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []


def test_the_permission_is_needed_and_requests_are_throttled(organization: Emulator, member: str, demo: Emulator) -> None:
    code, message, status = error_of(client(demo, "cloudtrail", "clean").lookup_events)
    assert (code, status) == ("AccessDeniedException", 400)
    assert "because no identity-based policy allows the cloudtrail:LookupEvents action" in message
    organization.control.add_fault(Rule(Throttle(rate=2, burst=2), "cloudtrail", "LookupEvents"))
    cloudtrail = trail(organization, member)
    cloudtrail.lookup_events()
    cloudtrail.lookup_events()
    assert error_of(cloudtrail.lookup_events)[::2] == ("ThrottlingException", 400)


def test_iam_of_govcloud_is_in_us_gov_west_1(tmp_path: Path) -> None:
    with emulator_of("aws-us-gov", tmp_path) as emulator:
        emulator.control.create_root_key("management")
        emulator.world.named["root"] = ("111122223333", "root")
        client(emulator, "iam", "root", region="us-gov-west-1").list_access_keys()
        (document,) = documents(trail(emulator, "management", "us-gov-west-1"))
        assert document["userIdentity"]["arn"] == "arn:aws-us-gov:iam::111122223333:root"
        assert documents(trail(emulator, "management", "us-gov-east-1")) == []
