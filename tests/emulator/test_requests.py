"""Requests that no SDK would send: unknown operations and members, missing and malformed ones."""

import json

import pytest

from rootsweep_emulator import Emulator
from tests.emulator.signed_requests import ask, post, signed_headers

IAM = "&Version=2010-05-08"


@pytest.mark.parametrize(
    ("form", "code", "text"),
    [
        ("Action=ListAccessKeys&Extra=1" + IAM, "ValidationError", "unknown parameter: Extra"),
        ("Action=ListAccessKeys&UserName.Extra=1" + IAM, "ValidationError", "unknown parameter: UserName.Extra"),
        ("Action=GetAccountSummary&UserName=x" + IAM, "ValidationError", "unknown parameter: UserName"),
        (
            "Action=DeleteAccessKey" + IAM,
            "ValidationError",
            "1 validation error detected: Value null at 'accessKeyId' failed to satisfy constraint: Member must not be null",
        ),
        ("Action=ListAccessKeys&MaxItems=many" + IAM, "ValidationError", "MaxItems is not of type integer"),
        ("Action=ListAccessKeys&MaxItems=0" + IAM, "ValidationError", "MaxItems"),
        ("Action=ListAccessKeys&MaxItems=1001" + IAM, "ValidationError", "less than or equal to 1000"),
        ("Action=ListAccessKeys&UserName=" + "x" * 129 + IAM, "ValidationError", "length less than or equal to 128"),
        ("Action=ListAccessKeys&UserName=" + IAM, "ValidationError", "UserName"),
        ("Action=NoSuchThing" + IAM, "InvalidAction", "Could not find operation NoSuchThing for version 2010-05-08"),
        ("Action=ListAccessKeys&Version=2001-01-01", "InvalidAction", "Could not find operation"),
        ("", "InvalidAction", "Could not find operation (none)"),
        ("no form", "MalformedInput", "the body is not a form"),
    ],
)
def test_a_form_that_the_model_does_not_know_is_refused(demo: Emulator, form: str, code: str, text: str) -> None:
    status, body = ask(demo, "clean", form)
    assert status == 400
    assert f"<Code>{code}</Code>" in body
    assert text in body


def test_an_operation_that_is_not_emulated_says_so(demo: Emulator) -> None:
    status, body = ask(demo, "clean", "Action=ListUsers" + IAM)
    assert (status, "The emulator does not have iam ListUsers." in body) == (501, True)


def test_a_service_that_is_not_emulated_says_so(demo: Emulator) -> None:
    status, body = ask(demo, "clean", "Action=ListUsers" + IAM, service="dynamodb")
    assert (status, "The emulator does not have dynamodb." in body) == (501, True)


def organizations(emulator: Emulator, operation: str, document: bytes) -> tuple[int, dict[str, str]]:
    target = f"AWSOrganizationsV20161128.{operation}"
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    signed = signed_headers(emulator.endpoint, "organizations", emulator.credentials("management"), document, headers)
    status, text, _ = post(emulator, signed, document)
    return status, json.loads(text)


@pytest.mark.parametrize(
    ("operation", "document", "code", "text"),
    [
        ("ListAccounts", b'{"Extra": 1}', "InvalidInputException", "Extra"),
        ("ListAccounts", b'{"MaxResults": "many"}', "InvalidInputException", "MaxResults"),
        (
            "ListAccountsForParent",
            b"{}",
            "InvalidInputException",
            "'parentId' failed to satisfy constraint: Member must not be null",
        ),
        ("DescribeOrganization", b'{"Extra": 1}', "InvalidInputException", "unknown parameter: Extra"),
        ("ListAccounts", b"no json", "SerializationException", "the body is not JSON"),
        ("ListAccounts", b"[]", "SerializationException", "the body is not a JSON object"),
        ("NoSuchThing", b"{}", "UnknownOperationException", "Could not find operation NoSuchThing"),
    ],
)
def test_a_document_that_the_model_does_not_know_is_refused(
    organization: Emulator, operation: str, document: bytes, code: str, text: str
) -> None:
    status, answer = organizations(organization, operation, document)
    assert (status, answer["__type"]) == (400, code)
    assert text in answer["Message"]


def test_another_service_s_target_is_refused(organization: Emulator) -> None:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "DynamoDB_20120810.ListTables"}
    signed = signed_headers(organization.endpoint, "organizations", organization.credentials("management"), b"{}", headers)
    assert post(organization, signed, b"{}")[0] == 400


def test_null_members_count_as_absent(organization: Emulator) -> None:
    status, _ = organizations(organization, "ListAccounts", b'{"NextToken": null}')
    assert status == 200


def test_the_global_endpoint_of_sts_knows_no_assume_root(organization: Emulator, member: str) -> None:
    task = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
    body = f"Action=AssumeRoot&Version=2011-06-15&TargetPrincipal={member}&TaskPolicyArn.arn={task}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Host": "sts.amazonaws.com"}
    signed = signed_headers(organization.endpoint, "sts", organization.credentials("management"), body, headers)
    status, text, _ = post(organization, signed, body)
    assert status == 400
    assert "<Code>InvalidAction</Code><Message>Unknown Operation</Message>" in text
