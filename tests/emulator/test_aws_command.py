"""The real ``aws`` command against the emulator, by the environment that it is told to use."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rootsweep_emulator import Emulator
from tests.emulator.clients import AUDIT_TASK, root_session
from tests.emulator.scp_documents import DENY_ROOT_KEYS

AWS = Path(sys.executable).with_name("aws")


def aws(emulator: Emulator, caller: str, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_MAX_ATTEMPTS": "1"} | emulator.environment(caller)
    command = [sys.executable, str(AWS), *arguments, "--output", "json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def answer(emulator: Emulator, caller: str, *arguments: str, home: Path) -> Any:
    done = aws(emulator, caller, *arguments, home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_benchmark_s_own_procedures(demo: Emulator, tmp_path: Path) -> None:
    summary = answer(demo, "inactive", "iam", "get-account-summary", home=tmp_path)
    assert summary["SummaryMap"]["AccountAccessKeysPresent"] == 1
    report = answer(demo, "inactive", "iam", "get-credential-report", home=tmp_path)
    assert base64.b64decode(report["Content"]).startswith(b"user,arn,user_creation_time,")


def test_root_lists_its_keys(demo: Emulator, tmp_path: Path) -> None:
    keys = answer(demo, "caller-is-root", "iam", "list-access-keys", home=tmp_path)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [key.id for key in demo.control.root_keys("caller-is-root")]


def test_a_root_session_is_opened(organization: Emulator, member: str, tmp_path: Path) -> None:
    arguments = ("sts", "assume-root", "--target-principal", member, "--task-policy-arn", f"arn={AUDIT_TASK}")
    assert answer(organization, "security", *arguments, home=tmp_path)["Credentials"]["AccessKeyId"].startswith("ASIA")


def test_accounts_are_listed_over_all_pages(organization: Emulator, tmp_path: Path) -> None:
    listed = answer(organization, "management", "organizations", "list-accounts", home=tmp_path)["Accounts"]
    assert len(listed) == 45


def test_a_policy_is_made_and_attached(organization: Emulator, member: str, tmp_path: Path) -> None:
    organization.control.set_service_control_policies("management", enabled=True)
    content = ("--content", DENY_ROOT_KEYS, "--type", "SERVICE_CONTROL_POLICY", "--name", "no-root-keys", "--description", "")
    made = answer(organization, "management", "organizations", "create-policy", *content, home=tmp_path)["Policy"]
    target = ("--policy-id", made["PolicySummary"]["Id"], "--target-id", member)
    assert aws(organization, "management", "organizations", "attach-policy", *target, home=tmp_path).returncode == 0
    again = aws(organization, "management", "organizations", "attach-policy", *target, home=tmp_path)
    assert "An error occurred (DuplicatePolicyAttachmentException) when calling the AttachPolicy operation" in again.stderr


def test_events_and_regions_are_looked_up(organization: Emulator, member: str, tmp_path: Path) -> None:
    organization.world.account("management").users[0].actions = ("*",)
    session = root_session(organization, member)
    arguments = ("--lookup-attributes", "AttributeKey=EventName,AttributeValue=AssumeRoot")
    (event,) = answer(organization, "management", "cloudtrail", "lookup-events", *arguments, home=tmp_path)["Events"]
    assert session.access_key_id in event["CloudTrailEvent"]
    regions = answer(organization, "management", "ec2", "describe-regions", home=tmp_path)["Regions"]
    assert "eu-central-1" in {region["RegionName"] for region in regions}


def test_an_error_reads_as_it_does_from_aws(demo: Emulator, tmp_path: Path) -> None:
    done = aws(demo, "permission-missing", "iam", "get-account-summary", home=tmp_path)
    assert done.returncode != 0
    assert "An error occurred (AccessDenied) when calling the GetAccountSummary operation: User: arn:aws:iam::" in done.stderr
