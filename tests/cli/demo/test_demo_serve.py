"""``rootsweep demo --serve``: AWS's own command line against the embedded organization."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rootsweep.cli import run_command_line

AWS = Path(sys.executable).with_name("aws")
SERVE = [sys.executable, "-u", "-c", "import rootsweep.cli; rootsweep.cli.main()", "demo", "--serve"]
Environments = dict[str, dict[str, str]]


@pytest.fixture(name="environments", scope="module")
def served() -> Iterator[Environments]:
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        environments: Environments = {}
        while "govcloud" not in environments:
            line = server.stdout.readline()
            assert line, "the server ended"
            heading = re.match(r"# ([\w-]+), account \d{12}$", line)
            if heading:
                words = shlex.split(server.stdout.readline())[1:]
                environments[heading[1]] = dict(word.split("=", 1) for word in words)
        yield environments
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 0


def aws(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [str(AWS), *arguments, "--output", "json"]
    return subprocess.run(command, env={**clean, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("account", "present"), [("clean", 0), ("inactive", 1), ("govcloud", 1)])
def test_the_account_summary(environments: Environments, account: str, present: int) -> None:
    answer = aws(environments[account], "iam", "get-account-summary")
    assert json.loads(answer.stdout)["SummaryMap"]["AccountAccessKeysPresent"] == present


def test_root_lists_its_own_keys(environments: Environments) -> None:
    answer = aws(environments["caller-is-root"], "iam", "list-access-keys")
    listed = [key["AccessKeyId"] for key in json.loads(answer.stdout)["AccessKeyMetadata"]]
    assert environments["caller-is-root"]["AWS_ACCESS_KEY_ID"] in listed


def test_a_missing_permission_is_refused_in_the_words_of_aws(environments: Environments) -> None:
    refused = aws(environments["permission-missing"], "iam", "get-account-summary")
    assert refused.returncode != 0
    assert "is not authorized to perform: iam:GetAccountSummary" in refused.stderr


def test_a_credential_report_can_be_audited(
    environments: Environments, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = aws(environments["active"], "iam", "get-credential-report")
    report = tmp_path / "report.json"
    report.write_text(answer.stdout, encoding="utf-8")
    assert run_command_line(["audit", "--from", str(report)]) == 1
    assert "active_root_key" in capsys.readouterr().out


def test_a_wrong_secret_is_refused(environments: Environments) -> None:
    refused = aws({**environments["clean"], "AWS_SECRET_ACCESS_KEY": "wrong"}, "sts", "get-caller-identity")
    assert "SignatureDoesNotMatch" in refused.stderr


def test_a_scenario_that_is_not_there_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["demo", "--serve", "--scenario", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_port_that_is_taken_exits_4(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run_command_line(["demo", "--serve", "--port", str(taken.getsockname()[1])]) == 4
    assert "cannot listen on port" in capsys.readouterr().err
