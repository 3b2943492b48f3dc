import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

from rootsweep_emulator import (
    Body,
    Change,
    Dated,
    DenyAccess,
    Effect,
    Emulator,
    Latency,
    Omit,
    Refuse,
    Replace,
    Reset,
    Rule,
    Throttle,
)
from tests.emulator.clients import client, error_of


def succeeds(call: Any) -> bool:
    try:
        error_of(call)
    except AssertionError:
        return True
    return False


def test_latency_holds_the_answer_back(demo: Emulator) -> None:
    iam = client(demo, "iam", "clean")
    demo.control.add_fault(Rule(Latency(0.2), "iam", "GetAccountSummary"))
    started = time.perf_counter()
    iam.get_account_summary()
    assert 0.2 <= time.perf_counter() - started < 2
    started = time.perf_counter()
    iam.list_access_keys()
    assert time.perf_counter() - started < 0.2


def test_a_slow_account_holds_up_no_other(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Latency(30), account=demo.world.account("active").id))
    assert client(demo, "iam", "clean").get_account_summary()["SummaryMap"]


def test_a_bucket_fills_with_the_clock(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Throttle(rate=0.01, burst=2), "iam", "GetAccountSummary"))
    iam = client(demo, "iam", "clean")
    assert [succeeds(iam.get_account_summary) for _ in range(3)] == [True, True, False]
    assert error_of(iam.get_account_summary) == ("Throttling", "Rate exceeded", 400)
    demo.control.advance(100)
    assert [succeeds(iam.get_account_summary) for _ in range(2)] == [True, False]


def test_accounts_and_operations_have_buckets_of_their_own(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Throttle(rate=0.001, burst=1), "iam"))
    clean, active = client(demo, "iam", "clean"), client(demo, "iam", "active")
    assert [succeeds(call) for call in (clean.get_user, clean.get_account_summary, active.get_user)] == [True] * 3
    assert not succeeds(clean.get_user)


def test_a_shared_bucket_counts_all_operations(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Throttle(rate=0.001, burst=1, shared=True), "iam"))
    iam = client(demo, "iam", "clean")
    assert [succeeds(iam.get_user), succeeds(iam.get_account_summary)] == [True, False]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refuse("LimitExceeded", "Too many reports."), 409),
        (Refuse("ServiceFailure"), 500),
        (Refuse("InternalFailure"), 500),
        (Refuse("ServiceUnavailable"), 503),
        (Refuse("Whatever", status=418), 418),
    ],
)
def test_any_error_can_be_had_with_its_status(demo: Emulator, refusal: Refuse, status: int) -> None:
    demo.control.add_fault(Rule(refusal, "iam", "GenerateCredentialReport"))
    iam = client(demo, "iam", "clean")
    assert error_of(iam.generate_credential_report) == (refusal.code, refusal.message or "", status)


def test_a_reset_before_the_server_acts_changes_nothing(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Reset(), "iam", "DeleteAccessKey", times=1))
    (key,) = demo.control.root_keys("caller-is-root")
    iam = client(demo, "iam", "caller-is-root")
    with pytest.raises(ConnectionClosedError):
        iam.delete_access_key(AccessKeyId=key.id)
    assert demo.control.root_keys("caller-is-root") == (key,)


def test_a_reset_after_the_server_acted_loses_the_reply_alone(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Reset(acted=True), "iam", "DeleteAccessKey", times=1))
    (key,) = demo.control.root_keys("caller-is-root")
    iam = client(demo, "iam", "caller-is-root")
    with pytest.raises(ConnectionClosedError):
        iam.delete_access_key(AccessKeyId=key.id)
    assert demo.control.root_keys("caller-is-root") == ()
    assert demo.control.calls("iam", "DeleteAccessKey", "caller-is-root") == 1


@pytest.mark.parametrize("acted", [True, False])
def test_an_error_can_come_after_the_server_acted(demo: Emulator, acted: bool) -> None:
    demo.control.add_fault(Rule(Refuse("GatewayTimeout", status=504, acted=acted), "iam", "DeleteAccessKey", times=1))
    (key,) = demo.control.root_keys("caller-is-root")
    iam = client(demo, "iam", "caller-is-root")
    assert error_of(iam.delete_access_key, AccessKeyId=key.id) == ("GatewayTimeout", "", 504)
    assert demo.control.root_keys("caller-is-root") == (() if acted else (key,))


def test_an_error_after_the_server_acted_hides_what_it_answered(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Refuse("ServiceFailure", acted=True), "iam", "DeleteAccessKey"))
    iam = client(demo, "iam", "caller-is-root")
    assert error_of(iam.delete_access_key, AccessKeyId="AKIAIOSFODNN7EXAMPLE") == ("ServiceFailure", "", 500)


@pytest.mark.parametrize("acted", [True, False])
def test_bytes_can_stand_in_the_place_of_an_answer(demo: Emulator, acted: bool) -> None:
    demo.control.add_fault(Rule(Body(b"<html>Sign in</html>", acted=acted), "iam", "DeleteAccessKey"))
    (key,) = demo.control.root_keys("caller-is-root")
    iam = client(demo, "iam", "caller-is-root")
    answer = iam.delete_access_key(AccessKeyId=key.id)
    assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "text/html"
    assert demo.control.root_keys("caller-is-root") == (() if acted else (key,))


def test_bytes_that_no_service_writes_cannot_be_read(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Body(b"<html><p>Sign in</html>"), "iam", "GetAccountSummary"))
    with pytest.raises(ResponseParserError):
        client(demo, "iam", "clean").get_account_summary()


def test_an_answer_can_hold_nothing(organization: Emulator) -> None:
    empty = Rule(Body(b"{}", content_type="application/x-amz-json-1.1"), "organizations", "ListAccounts", times=1)
    organization.control.add_fault(empty)
    organizations = client(organization, "organizations", "management")
    assert "Accounts" not in organizations.list_accounts()
    assert len(organizations.list_accounts()["Accounts"]) == 20


def test_an_answer_can_break_off(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Body(b"<GetAccountSumm", declared_length=4000), "iam", "GetAccountSummary", times=1))
    iam = client(demo, "iam", "clean")
    with pytest.raises(ResponseParserError):
        iam.get_account_summary()
    assert iam.get_account_summary()["SummaryMap"]


def test_an_answer_can_lead_elsewhere(demo: Emulator) -> None:
    elsewhere = Body(b"<html>Found</html>", 302, headers=(("Location", "http://127.0.0.1:9/login"),))
    demo.control.add_fault(Rule(elsewhere, "iam", "GetAccountSummary"))
    with pytest.raises(ClientError) as raised:
        client(demo, "iam", "clean").get_account_summary()
    metadata = raised.value.response["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], metadata["HTTPHeaders"]["location"]) == (302, "http://127.0.0.1:9/login")


@pytest.mark.parametrize("text", ["Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", None])
def test_an_answer_can_have_any_date(demo: Emulator, text: str | None) -> None:
    demo.control.add_fault(Rule(Dated(text), "iam", "GetAccountSummary", times=1))
    iam = client(demo, "iam", "clean")
    dates = [iam.get_account_summary()["ResponseMetadata"]["HTTPHeaders"].get("date") for _ in range(2)]
    assert dates[0] == text
    assert dates[1] not in {None, text}


def test_an_error_can_have_any_date(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Dated("Mon, 03 Jan 2050 00:00:00 GMT"), "iam"))
    demo.control.add_fault(Rule(Refuse("ServiceFailure"), "iam"))
    with pytest.raises(ClientError) as raised:
        client(demo, "iam", "clean").get_account_summary()
    assert raised.value.response["ResponseMetadata"]["HTTPHeaders"]["date"] == "Mon, 03 Jan 2050 00:00:00 GMT"


def test_faults_of_one_call_come_together(demo: Emulator) -> None:
    account = demo.world.account("caller-is-root").id
    created: list[str] = []
    demo.control.add_fault(Rule(Change(lambda: created.append(demo.control.create_root_key(account))), "iam", times=1))
    demo.control.add_fault(Rule(Omit(("SummaryMap", "Users")), "iam"))
    demo.control.add_fault(Rule(Replace(("SummaryMap", "AccountAccessKeysPresent"), 0), "iam"))
    demo.control.add_fault(Rule(Dated("Mon, 03 Jan 2050 00:00:00 GMT"), "iam"))
    answer = client(demo, "iam", "caller-is-root").get_account_summary()
    assert len(demo.control.root_keys(account)) == 2
    assert created
    assert "Users" not in answer["SummaryMap"]
    assert answer["SummaryMap"]["AccountAccessKeysPresent"] == 0
    assert answer["ResponseMetadata"]["HTTPHeaders"]["date"] == "Mon, 03 Jan 2050 00:00:00 GMT"


def test_the_server_acts_only_where_every_fault_lets_it(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Reset(), "iam", "DeleteAccessKey", times=1))
    demo.control.add_fault(Rule(Refuse("GatewayTimeout", status=504, acted=True), "iam", "DeleteAccessKey", times=1))
    (key,) = demo.control.root_keys("caller-is-root")
    iam = client(demo, "iam", "caller-is-root")
    with pytest.raises(ConnectionClosedError):
        iam.delete_access_key(AccessKeyId=key.id)
    assert demo.control.root_keys("caller-is-root") == (key,)


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        (DenyAccess(), "because no identity-based policy allows the iam:GetAccountSummary action"),
        (DenyAccess(by_service_control_policy=True), "with an explicit deny in a service control policy"),
    ],
)
def test_access_is_denied_in_words_of_aws(demo: Emulator, effect: Effect, reason: str) -> None:
    demo.control.add_fault(Rule(effect, "iam", "GetAccountSummary", demo.world.account("clean").id))
    code, message, status = error_of(client(demo, "iam", "clean").get_account_summary)
    assert (code, status) == ("AccessDenied", 403)
    assert message == (
        "User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: iam:GetAccountSummary on resource: * "
        + reason
    )
    assert succeeds(client(demo, "iam", "active").get_account_summary)


def test_organizations_spells_a_denial_in_its_own_way(organization: Emulator) -> None:
    organization.control.add_fault(Rule(DenyAccess(), "organizations"))
    code, message, status = error_of(client(organization, "organizations", "management").list_accounts)
    assert (code, status) == ("AccessDeniedException", 400)
    assert message.endswith("because no identity-based policy allows the organizations:ListAccounts action")


def test_the_world_can_change_at_a_call(organization: Emulator, member: str) -> None:
    change = Change(lambda: organization.control.set_account_state(member, "SUSPENDED"))
    organization.control.add_fault(Rule(change, "organizations", "ListAccounts", skip=1, times=1))
    organizations = client(organization, "organizations", "management")
    states = []
    for _ in range(2):
        listed = organizations.list_accounts()["Accounts"]
        states.append(next(account["State"] for account in listed if account["Id"] == member))
    assert states == ["ACTIVE", "SUSPENDED"]


def test_a_share_of_the_calls_fails_by_the_seed(demo: Emulator) -> None:
    handle = demo.control.add_fault(Rule(Refuse("ServiceFailure"), "iam", probability=0.3))
    iam = client(demo, "iam", "clean")
    outcomes = [succeeds(iam.get_user) for _ in range(100)]
    assert 15 < outcomes.count(False) < 45
    demo.control.remove_fault(handle)
    assert all(succeeds(iam.get_user) for _ in range(10))


def test_faults_come_and_go(demo: Emulator) -> None:
    iam = client(demo, "iam", "clean")
    demo.control.add_fault(Rule(Refuse("ServiceFailure"), account=demo.world.account("clean").id, skip=1, times=2))
    assert [succeeds(iam.get_user) for _ in range(4)] == [True, False, False, True]
    demo.control.add_fault(Rule(Refuse("ServiceFailure")))
    assert not succeeds(iam.get_user)
    demo.control.clear_faults()
    assert succeeds(iam.get_user)


def test_calls_are_counted(demo: Emulator) -> None:
    iam = client(demo, "iam", "clean")
    iam.get_user()
    iam.get_user()
    client(demo, "iam", "active").list_access_keys()
    assert demo.control.calls_by_operation() == {("iam", "GetUser"): 2, ("iam", "ListAccessKeys"): 1}
    assert demo.control.calls() == 3
    assert demo.control.calls(account="clean") == demo.control.calls("iam", "GetUser", "111122223333") == 2
    demo.control.reset_calls()
    assert demo.control.calls() == 0


def test_what_was_answered_can_be_kept(demo: Emulator) -> None:
    iam = client(demo, "iam", "caller-is-root")
    iam.list_access_keys()
    demo.control.keep_answers()
    error = b"<ErrorResponse><Error><Code>Busy</Code></Error></ErrorResponse>"
    iam.list_access_keys()
    demo.control.add_fault(Rule(Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys", times=1))
    iam.list_access_keys()
    for effect in (Refuse("ServiceFailure", acted=True), DenyAccess(), Body(error, 503, acted=True)):
        handle = demo.control.add_fault(Rule(effect, "iam", "ListAccessKeys"))
        succeeds(iam.list_access_keys)
        demo.control.remove_fault(handle)
    account = demo.world.account("caller-is-root").id
    kept = demo.control.answered()
    assert {(one.account, one.about, one.service, one.operation) for one in kept} == {
        (account, account, "iam", "ListAccessKeys")
    }
    told = [None if one.answer is None else len(one.answer["AccessKeyMetadata"]) for one in kept]
    assert told == [1, 0, None, None, None]
    assert [one.is_altered for one in kept] == [False, True, False, False, False]
