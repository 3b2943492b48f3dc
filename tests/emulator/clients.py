"""boto3 clients of an emulator, and the errors that they raise."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3  # type: ignore[import-untyped]  # boto3 ships no types
from botocore.config import Config
from botocore.exceptions import ClientError

from rootsweep_emulator import Credentials, Emulator

AUDIT_TASK = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
DELETE_TASK = "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=10)


@cache
def _session() -> Any:
    return boto3.session.Session(aws_access_key_id="AKIA", aws_secret_access_key="none", region_name="us-east-1")


def client(emulator: Emulator, service: str, caller: str | Credentials, *, region: str = "us-east-1") -> Any:
    """Make a client without retries, for a caller that the scenario names or for credentials."""
    credentials = emulator.credentials(caller) if isinstance(caller, str) else caller
    return _session().client(
        service,
        region_name=region,
        endpoint_url=emulator.endpoint,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token,
        config=ONE_ATTEMPT,
    )


def credentials_of(answer: dict[str, Any]) -> Credentials:
    """Take the credentials out of the answer of AssumeRole or AssumeRoot."""
    keys = answer["Credentials"]
    return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def root_session(emulator: Emulator, account: str, task: str = AUDIT_TASK, caller: str = "management") -> Credentials:
    """Open a root session in a member account."""
    sts = client(emulator, "sts", caller)
    return credentials_of(sts.assume_root(TargetPrincipal=account, TaskPolicyArn={"arn": task}))


def error_of(call: Callable[..., Any], **parameters: Any) -> tuple[str, str, int]:
    """Call what must fail, and give the error's code, message and HTTP status."""
    try:
        call(**parameters)
    except ClientError as error:
        response: Any = error.response
        return response["Error"]["Code"], response["Error"].get("Message", ""), response["ResponseMetadata"]["HTTPStatusCode"]
    raise AssertionError("the call was answered")
