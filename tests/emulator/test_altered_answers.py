"""What faults change in answers: sessions of another account, members, tokens without an end."""

from typing import Any

import pytest

from rootsweep_emulator import Emulator, Endless, Omit, Replace, Rule, SessionOf, UnknownName
from rootsweep_emulator.state.identifiers import account_of
from tests.emulator.clients import AUDIT_TASK, client, credentials_of, error_of

OTHER = "workload-00002"


def assume_root(organization: Emulator, member: str) -> dict[str, Any]:
    sts = client(organization, "sts", "management")
    answer: dict[str, Any] = sts.assume_root(TargetPrincipal=member, TaskPolicyArn={"arn": AUDIT_TASK})
    return answer


def assume_role(organization: Emulator, member: str) -> dict[str, Any]:
    sts = client(organization, "sts", "security")
    answer: dict[str, Any] = sts.assume_role(RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit")
    return answer


def test_a_root_session_can_be_of_another_account(organization: Emulator, member: str) -> None:
    other = organization.world.account(OTHER).id
    key_id = organization.control.create_root_key(OTHER)
    organization.control.add_fault(Rule(SessionOf(other), "sts", "AssumeRoot", member, times=1))
    within = credentials_of(assume_root(organization, member))
    assert account_of(within.access_key_id) == other
    identity = client(organization, "sts", within).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (other, f"arn:aws:iam::{other}:root")
    iam = client(organization, "iam", within)
    assert iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 1
    assert [key["AccessKeyId"] for key in iam.list_access_keys()["AccessKeyMetadata"]] == [key_id]
    assert error_of(iam.delete_access_key, AccessKeyId=key_id)[0] == "AccessDenied", "the task is the one that was asked for"
    assert account_of(credentials_of(assume_root(organization, member)).access_key_id) == member


@pytest.mark.parametrize("arn_tells", [True, False])
def test_a_session_of_a_role_can_be_of_another_account(organization: Emulator, member: str, arn_tells: bool) -> None:
    other = organization.world.account(OTHER).id
    organization.control.add_fault(Rule(SessionOf(OTHER, arn_tells=arn_tells), "sts"))
    answer = assume_role(organization, member)
    told = other if arn_tells else member
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{told}:assumed-role/RootAudit/audit"
    assert account_of(answer["AssumedRoleUser"]["AssumedRoleId"].partition(":")[0]) == told
    within = credentials_of(answer)
    assert account_of(within.access_key_id) == other
    identity = client(organization, "sts", within).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (other, f"arn:aws:sts::{other}:assumed-role/RootAudit/audit")
    assert client(organization, "iam", within).get_account_summary()["SummaryMap"]


def test_a_session_of_a_role_works_where_the_other_account_has_none(organization: Emulator, member: str) -> None:
    management = organization.world.account("management")
    assert management.role("RootAudit") is None
    organization.control.add_fault(Rule(SessionOf(management.id), "sts", "AssumeRole"))
    within = credentials_of(assume_role(organization, member))
    assert client(organization, "sts", within).get_caller_identity()["Account"] == management.id
    iam = client(organization, "iam", within)
    assert iam.get_account_summary()["SummaryMap"]
    assert error_of(iam.create_access_key, UserName="any")[0] == "AccessDenied", (
        "it may do what the role may that was asked for"
    )


@pytest.mark.parametrize("assume", [assume_root, assume_role])
def test_a_key_id_of_the_old_generation_does_not_tell_the_account(organization: Emulator, member: str, assume: Any) -> None:
    organization.control.add_fault(Rule(SessionOf(OTHER, old_key_id=True), "sts"))
    within = credentials_of(assume(organization, member))
    assert account_of(within.access_key_id) is None
    identity = client(organization, "sts", within).get_caller_identity()
    assert identity["Account"] == organization.world.account(OTHER).id


def test_a_session_of_no_account_is_refused_at_once(organization: Emulator) -> None:
    with pytest.raises(UnknownName):
        organization.control.add_fault(Rule(SessionOf("nowhere"), "sts"))


def test_a_member_can_hold_another_value(organization: Emulator, member: str) -> None:
    organization.control.create_root_key(member)
    organization.control.add_fault(Rule(Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys", times=1))
    organization.control.add_fault(Rule(Replace(("SummaryMap", "AccountAccessKeysPresent"), 0), "iam", "GetAccountSummary"))
    iam = client(organization, "iam", credentials_of(assume_root(organization, member)))
    assert [len(iam.list_access_keys()["AccessKeyMetadata"]) for _ in range(2)] == [0, 1]
    assert iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 0
    organization.control.clear_faults()
    assert iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 1


def test_an_entry_of_a_list_can_lack_a_member(organization: Emulator) -> None:
    organization.control.add_fault(Rule(Omit(("Accounts", 0, "Id")), "organizations", "ListAccounts"))
    organization.control.add_fault(Rule(Replace(("Accounts", 1, "State"), "MOVED"), "organizations", "ListAccounts"))
    organization.control.add_fault(Rule(Omit(("Accounts", 99, "Id")), "organizations", "ListAccounts"))
    organization.control.add_fault(Rule(Replace(("Accounts", 99, "Id"), "1"), "organizations", "ListAccounts"))
    listed = client(organization, "organizations", "management").list_accounts()["Accounts"]
    assert [("Id" in entry, entry["State"]) for entry in listed] == [
        (False, "ACTIVE"),
        (True, "MOVED"),
        *[(True, "ACTIVE")] * 18,
    ]


def test_an_altered_answer_leaves_the_trail_as_it_is(organization: Emulator, member: str) -> None:
    organization.control.add_fault(Rule(SessionOf(OTHER), "sts", "AssumeRoot"))
    organization.control.add_fault(Rule(Omit(("Credentials", "Expiration")), "sts", "AssumeRoot"))
    assume_root(organization, member)
    organization.control.clear_faults()
    (event,) = organization.world.trail.events(organization.world.account("management").id)
    assert event.response is not None
    assert account_of(event.response["Credentials"]["AccessKeyId"]) == member
    assert "Expiration" in event.response["Credentials"]


@pytest.mark.parametrize("cycle", [1, 2, 3])
def test_the_tokens_of_a_listing_never_end(organization: Emulator, cycle: int) -> None:
    organization.control.add_fault(Rule(Endless(cycle), "organizations", "ListAccounts"))
    organizations = client(organization, "organizations", "management")
    pages: list[list[str]] = []
    tokens: list[str] = []
    token: dict[str, str] = {}
    for _ in range(3 + 2 * cycle):
        answer = organizations.list_accounts(**token)
        pages.append([account["Id"] for account in answer["Accounts"]])
        tokens.append(answer["NextToken"])
        token = {"NextToken": answer["NextToken"]}
    assert [len(page) for page in pages] == [20, 20, *[5] * (1 + 2 * cycle)]
    assert all(page == pages[2] for page in pages[2:])
    again = tokens[2:]
    assert len(set(again)) == cycle
    assert again[cycle:] == again[: len(again) - cycle]


def test_the_tokens_of_event_history_never_end(organization: Emulator, member: str) -> None:
    key_id = organization.control.create_root_key(member)
    organization.control.record_event(member, key_id, "ListBuckets", "s3.amazonaws.com", "us-east-1", age=60)
    organization.control.add_fault(Rule(Endless(), "cloudtrail", "LookupEvents"))
    organization.control.set_role_actions(member, "RootAudit", "cloudtrail:LookupEvents")
    cloudtrail = client(organization, "cloudtrail", credentials_of(assume_role(organization, member)))
    first = cloudtrail.lookup_events()
    second = cloudtrail.lookup_events(NextToken=first["NextToken"])
    assert first["Events"] == second["Events"] != []
    assert first["NextToken"] == second["NextToken"]


@pytest.mark.parametrize(
    ("operation", "member_name"), [("list_access_keys", "AccessKeyMetadata"), ("list_account_aliases", "AccountAliases")]
)
def test_the_markers_of_iam_never_end(demo: Emulator, operation: str, member_name: str) -> None:
    demo.control.add_fault(Rule(Endless(cycle=2), "iam"))
    call = getattr(client(demo, "iam", "caller-is-root"), operation)
    answers = [call()]
    for _ in range(3):
        assert answers[-1]["IsTruncated"]
        answers.append(call(Marker=answers[-1]["Marker"]))
    assert all(answer[member_name] == answers[0][member_name] for answer in answers)
    assert answers[0]["Marker"] == answers[2]["Marker"] != answers[1]["Marker"] == answers[3]["Marker"]


def test_what_is_no_listing_has_no_token(organization: Emulator) -> None:
    for effect in (Endless(), SessionOf(OTHER)):
        organization.control.add_fault(Rule(effect))
    iam = client(organization, "iam", "security")
    assert iam.get_account_summary()["SummaryMap"]
