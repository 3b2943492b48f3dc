"""Whether AWS may have acted on a call without an answer, by every way in which a call ends."""

import socket
from threading import Thread

import pytest

from rootsweep.aws.iam import delete_own_access_key
from rootsweep.aws.pacing import within
from rootsweep.aws.policies import create_policy
from rootsweep.aws.session import AccountAccess, SessionOptions, open_session
from rootsweep.aws.tries import is_refusal_of_aws
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Access
from rootsweep_emulator import Body, Credentials, DenyAccess, Effect, Emulator, Refuse, Reset, Rule, Throttle
from tests.live import access_of, access_with, now, open_emulated

ROOT = "caller-is-root"
SOME_KEY = access_with(Credentials("AKIAIOSFODNN7EXAMPLE", "secret"))


def delete(emulator: Emulator, *rules: Rule) -> Answer[None] | Refusal:
    for rule in rules:
        emulator.control.add_fault(rule)
    key = emulator.control.create_root_key(ROOT)
    return delete_own_access_key(open_emulated(emulator), access_of(emulator, ROOT, Access.ROOT), key)


def delete_in_one_try(emulator: Emulator, effect: Effect) -> Answer[None] | Refusal:
    with within(0.0):
        return delete(emulator, Rule(effect, "iam", "DeleteAccessKey"))


def may_have_acted(outcome: Answer[None] | Answer[str] | Refusal) -> bool:
    assert isinstance(outcome, Refusal), outcome
    return outcome.may_have_acted


@pytest.mark.parametrize(
    "effect",
    [
        Refuse("InternalFailure", status=500),
        Refuse("GatewayTimeout", status=504, acted=True),
        Refuse("GatewayTimeout", status=400, acted=True),
        Refuse("ServiceException", status=400, acted=True),
        Refuse("ServiceUnavailable", status=503),
        Refuse("NeverSeenBefore", status=599),
        Reset(),
        Reset(acted=True),
        Body(b"<html><body>Sign in<br></body></html>", acted=True),
        Body(b"<html>Gateway Timeout</html>", status=504, acted=True),
        Body(b"", status=502, acted=True),
        Body(b"Forbidden", status=403, acted=True),
        Body(b"", status=302, headers=(("Location", "https://example.com/"),), acted=True),
        Body(b"<DeleteAccessKeyResponse><Resp", acted=True),
    ],
    ids=str,
)
def test_every_end_but_a_refusal_of_aws_may_have_acted(demo: Emulator, effect: Effect) -> None:
    assert may_have_acted(delete_in_one_try(demo, effect))


@pytest.mark.parametrize(
    "effect",
    [
        DenyAccess(),
        DenyAccess(by_service_control_policy=True),
        Refuse("ExpiredToken", status=403),
        Refuse("NoSuchEntity", status=404),
        Refuse("NeverSeenBefore", status=418),
        Refuse("Throttling", status=400),
        Refuse("Throttling", status=429),
        Throttle(rate=0.0, burst=0),
    ],
    ids=str,
)
def test_a_refusal_of_aws_did_not_act(demo: Emulator, effect: Effect) -> None:
    assert not may_have_acted(delete_in_one_try(demo, effect))


@pytest.mark.parametrize("first", [Reset(acted=True), Refuse("InternalFailure", status=500, acted=True)], ids=str)
def test_a_key_that_is_gone_after_an_earlier_try_is_its_trace(demo: Emulator, first: Effect) -> None:
    outcome = delete(demo, Rule(first, "iam", "DeleteAccessKey", times=1))
    assert isinstance(outcome, Refusal)
    assert (outcome.error_code, outcome.may_have_acted) == ("NoSuchEntity", True)


def test_a_denial_after_an_earlier_try_leaves_it_open(demo: Emulator) -> None:
    rules = [Rule(Reset(), "iam", "DeleteAccessKey", times=1), Rule(DenyAccess(), "iam", "DeleteAccessKey", skip=1)]
    assert may_have_acted(delete(demo, *rules))


def test_throttling_before_leaves_nothing_open(demo: Emulator) -> None:
    throttled = Rule(Refuse("Throttling"), "iam", "DeleteAccessKey", times=2)
    outcome = delete(demo, throttled, Rule(DenyAccess(), "iam", "DeleteAccessKey", skip=2))
    assert not may_have_acted(outcome)


def test_without_a_connection_nothing_was_sent() -> None:
    session = open_session(SessionOptions(endpoint="http://127.0.0.1:1"), now)
    assert not may_have_acted(delete_own_access_key(session, SOME_KEY, "AKIA"))


def test_without_a_connection_after_a_lost_reply_it_is_open() -> None:
    """The server goes away with the first call: no later try finds anything to connect to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        session = open_session(SessionOptions(endpoint=f"http://127.0.0.1:{server.getsockname()[1]}"), now)

        def go_away() -> None:
            connection, _ = server.accept()
            server.close()
            connection.recv(65536)
            connection.close()

        Thread(target=go_away, daemon=True).start()
        outcome = delete_own_access_key(session, SOME_KEY, "AKIA")
    assert may_have_acted(outcome)
    assert isinstance(outcome, Refusal)
    assert "cannot be reached" in outcome.problem


def test_without_credentials_nothing_was_sent(demo: Emulator) -> None:
    session = open_session(SessionOptions(endpoint=demo.endpoint), now)
    assert not may_have_acted(delete_own_access_key(session, AccountAccess(Access.OWN, "us-east-1"), "AKIA"))


def test_an_answer_without_what_it_should_hold_may_have_acted(organization: Emulator) -> None:
    organization.control.set_service_control_policies("management", enabled=True)
    empty = Body(b"{}", content_type="application/x-amz-json-1.1", acted=True)
    organization.control.add_fault(Rule(empty, "organizations", "CreatePolicy"))
    access = access_of(organization, "management")
    assert may_have_acted(create_policy(open_emulated(organization), access, "name", "text", "{}", {}))


@pytest.mark.parametrize(
    ("code", "status", "request_id", "expected"),
    [
        ("AccessDenied", 403, "id", True),
        ("AccessDenied", 403, None, False),
        ("AccessDenied", 500, "id", False),
        ("AccessDenied", 200, "id", False),
        ("AccessDenied", 302, "id", False),
        ("403", 403, "id", False),
        ("", 403, "id", False),
        ("ServiceException", 400, "id", False),
        ("TooManyRequestsException", 429, "id", True),
    ],
)
def test_what_a_refusal_of_aws_is(code: str, status: int, request_id: str | None, expected: bool) -> None:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": request_id}}
    assert is_refusal_of_aws(answer) is expected
