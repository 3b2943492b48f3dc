import re

import pytest

from rootsweep_emulator import Credentials, Emulator
from tests.emulator.clients import client, credentials_of, error_of, root_session
from tests.emulator.signed_requests import FORM, post, signed_headers

INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"
IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"

SERVICES = [("iam", "get_user"), ("sts", "get_caller_identity"), ("organizations", "describe_organization")]


def spelled(service: str, code: str, status: int) -> tuple[str, int]:
    json_codes = {
        "InvalidClientTokenId": "UnrecognizedClientException",
        "ExpiredToken": "ExpiredTokenException",
        "SignatureDoesNotMatch": "InvalidSignatureException",
    }
    return (json_codes[code], 400) if service == "organizations" else (code, status)


@pytest.mark.parametrize(("service", "operation"), SERVICES)
def test_a_wrong_secret_is_found_out(organization: Emulator, service: str, operation: str) -> None:
    key_id = organization.credentials("management").access_key_id
    caller = client(organization, service, Credentials(key_id, "wrong"))
    code, message, status = error_of(getattr(caller, operation))
    assert (code, status) == spelled(service, "SignatureDoesNotMatch", 403)
    assert message.startswith("The request signature we calculated does not match the signature you provided.")
    assert organization.control.calls(account="management") == 0


@pytest.mark.parametrize("key_id", ["AKIAIOSFODNN7EXAMPLE", "AKIARTX3GSDS7777777A", "ASIARTX3GSDS7777777A", "short"])
@pytest.mark.parametrize(("service", "operation"), SERVICES)
def test_an_unknown_key_is_refused(demo: Emulator, key_id: str, service: str, operation: str) -> None:
    code, message, status = error_of(getattr(client(demo, service, Credentials(key_id, "any")), operation))
    assert (code, status) == spelled(service, "InvalidClientTokenId", 403)
    assert message == INVALID


@pytest.mark.parametrize(("service", "operation"), SERVICES)
def test_a_session_expires(organization: Emulator, member: str, service: str, operation: str) -> None:
    session = root_session(organization, member)
    organization.control.advance(901)
    code, message, status = error_of(getattr(client(organization, service, session), operation))
    assert (code, status) == spelled(service, "ExpiredToken", 403)
    assert message == EXPIRED


def test_a_token_of_another_key_is_refused(organization: Emulator, member: str) -> None:
    one, other = root_session(organization, member), root_session(organization, member)
    mixed = Credentials(one.access_key_id, one.secret_access_key, other.session_token)
    assert error_of(client(organization, "iam", mixed).get_user)[:2] == ("InvalidClientTokenId", INVALID)


@pytest.mark.parametrize("token", ["", "not base64 !", "AAAA", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="])
def test_a_made_up_token_is_refused(organization: Emulator, member: str, token: str) -> None:
    session = root_session(organization, member)
    made_up = Credentials(session.access_key_id, session.secret_access_key, token)
    assert error_of(client(organization, "iam", made_up).get_user)[:2] == ("InvalidClientTokenId", INVALID)


def test_a_deleted_role_ends_its_sessions(organization: Emulator, member: str) -> None:
    sts = client(organization, "sts", "security")
    role = credentials_of(sts.assume_role(RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit"))
    organization.world.account(member).roles = ()
    assert error_of(client(organization, "iam", role).get_account_summary)[0] == "InvalidClientTokenId"


def test_keys_of_a_suspended_account_are_refused(demo: Emulator) -> None:
    demo.control.set_account_state("clean", "SUSPENDED")
    assert error_of(client(demo, "sts", "clean").get_caller_identity)[0] == "InvalidClientTokenId"


@pytest.mark.parametrize(
    ("skew", "pattern"),
    [
        (400, r"Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)"),
        (-400, r"Signature not yet current: \w+ is still later than \w+ \(\w+ \+ 5 min\.\)"),
    ],
)
@pytest.mark.parametrize(("service", "operation"), SERVICES)
def test_a_clock_that_is_off_is_found_out(
    organization: Emulator, skew: float, pattern: str, service: str, operation: str
) -> None:
    organization.control.skew(skew)
    code, message, status = error_of(getattr(client(organization, service, "management"), operation))
    assert (code, status) == spelled(service, "SignatureDoesNotMatch", 403)
    assert re.fullmatch(pattern, message)


def test_signatures_survive_an_advance_and_dates_follow_it(demo: Emulator) -> None:
    demo.control.advance(86400)
    body = IDENTITY
    status, _, headers = post(demo, signed_headers(demo.endpoint, "sts", demo.credentials("clean"), body), body)
    assert status == 200
    assert headers["Date"].endswith("GMT")
    assert headers["x-amzn-RequestId"]


def test_a_changed_body_is_found_out(demo: Emulator) -> None:
    headers = signed_headers(demo.endpoint, "sts", demo.credentials("clean"), IDENTITY)
    status, text, _ = post(demo, headers, IDENTITY + b"&Extra=1")
    assert (status, "<Code>SignatureDoesNotMatch</Code>" in text) == (403, True)


def test_queries_are_signed_too(demo: Emulator) -> None:
    headers = signed_headers(demo.endpoint + "/?b=2&a=x%20y", "sts", demo.credentials("clean"), IDENTITY)
    assert post(demo, headers, IDENTITY, "/?b=2&a=x%20y")[0] == 200
    assert post(demo, headers, IDENTITY, "/?b=3&a=x%20y")[0] == 403


@pytest.mark.parametrize(
    "authorization", [None, "Basic dXNlcjpwYXNz", "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sts"]
)
def test_an_unsigned_request_is_refused(demo: Emulator, authorization: str | None) -> None:
    headers = {"Content-Type": FORM} | ({} if authorization is None else {"Authorization": authorization})
    status, text, _ = post(demo, headers, IDENTITY)
    assert (status, "<Code>MissingAuthenticationToken</Code>" in text) == (403, True)


def test_a_signature_needs_a_date(demo: Emulator) -> None:
    headers = signed_headers(demo.endpoint, "sts", demo.credentials("clean"), IDENTITY)
    headers["X-Amz-Date"] = "yesterday"
    status, text, _ = post(demo, headers, IDENTITY)
    assert (status, "<Code>IncompleteSignature</Code>" in text) == (400, True)


def test_credentials_do_not_show_their_secrets(demo: Emulator) -> None:
    credentials = demo.credentials("clean")
    assert credentials.secret_access_key not in repr(credentials)
