"""``rootsweep demo --serve``: AWS's own command line against the embedded organization."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rootsweep.cli import run_command_line

AWS = Path(sys.executable).with_name("aws")
SERVE = [sys.executable, "-u", "-c", "import rootsweep.cli; rootsweep.cli.main()", "demo", "--serve"]
Environments = dict[str, dict[str, str]]
Shell = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def serving(*options: str, ended_by: signal.Signals = signal.SIGINT) -> Iterator[tuple[list[str], list[str]]]:
    """Serve, and yield the two lines to paste and the names of the profiles."""
    with subprocess.Popen([*SERVE, *options], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = list(iter(server.stdout.readline, "# Profiles:\n"))
        profiles = []
        while (line := server.stdout.readline()).startswith("#   "):
            profiles.append(line.split()[1])
        yield [line for line in lines if line.startswith(("unset", "export"))], profiles
        server.send_signal(ended_by)
        assert server.wait(10) == 0


@pytest.fixture(name="environments", scope="module")
def served() -> Iterator[Environments]:
    """Map each profile of the scenario ``demo`` to the environment that the lines to paste make."""
    with serving("--scenario", "demo") as (pasted, profiles):
        words = [word.split("=", 1) for line in pasted for word in shlex.split(line.partition("export ")[2])]
        yield {profile: dict(words) | {"AWS_PROFILE": profile} for profile in profiles}


@pytest.fixture(name="shell", scope="module")
def pasted() -> Iterator[Shell]:
    with pasted_into_a_shell() as shell:
        yield shell


@contextmanager
def pasted_into_a_shell() -> Iterator[Shell]:
    """Run a command in a shell that was led elsewhere, after the two lines were pasted into it."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        url = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        own = {
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "one's own",
            "AWS_SESSION_TOKEN": "one's own",
            "AWS_ENDPOINT_URL": url,
            "AWS_ENDPOINT_URL_IAM": url,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
            "AWS_REGION": "ap-south-1",
            "HTTP_PROXY": url,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        with serving() as (lines, profiles):
            assert profiles == ["management", "security", "management-root", "member-root", "member-user"]

            def run(command: str, folder: Path, profile: str = "management") -> subprocess.CompletedProcess[str]:
                script = "".join(lines) + f"export AWS_PROFILE={profile}\n{command}\n"
                return subprocess.run(
                    ["/bin/bash", "-c", script], env=os.environ | own, cwd=folder, capture_output=True, text=True, check=False
                )

            yield run
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


@pytest.mark.parametrize(
    ("profile", "command", "code"),
    [
        ("management", "rootsweep audit --organization --timeout 3s", 1),
        ("security", "rootsweep audit --organization --timeout 3s", 1),
        ("management-root", "rootsweep self-remove", 5),
        ("member-root", "rootsweep self-remove", 5),
        ("member-user", "rootsweep audit", 1),
    ],
)
def test_each_profile_does_what_it_is_offered_for(shell: Shell, tmp_path: Path, profile: str, command: str, code: int) -> None:
    ran = shell(command, tmp_path, profile)
    assert ran.returncode == code, ran.stderr
    assert re.search(r"AKIA|access key 1|CRITICAL", ran.stdout)


def test_the_steps_of_the_removal_work_as_they_are_written(tmp_path: Path) -> None:
    """Each command of the guide is pasted in its order; where a person types what is confirmed, the test passes it."""
    guide = (Path(__file__).parents[3] / "docs" / "removing-root-keys.md").read_text(encoding="utf-8")
    commands = [line for line in re.findall(r"^\$ (.*)$", guide, re.MULTILINE) if "--serve" not in line]
    codes = []
    with pasted_into_a_shell() as shell:
        for command in commands:
            confirmed = command
            if re.search(r"quarantine (on|lift)|apply", command):
                digest = json.loads((tmp_path / "rootsweep-plan.json").read_text(encoding="utf-8"))["digest"]
                confirmed = f"{command} --confirm {digest}"
            elif "self-remove" in command:
                listed = shell("rootsweep self-remove", tmp_path, "management-root").stdout
                confirmed = f"{command} --confirm {re.findall(r'AKIA[A-Z2-7]{16}', listed)[0]}"
            ran = shell(confirmed, tmp_path)
            assert "Traceback" not in ran.stderr
            codes.append((command.partition("rootsweep ")[2].split()[0], ran.returncode))
        last = shell("rootsweep audit --organization --timeout 3s --format json", tmp_path).stdout
    assert codes == [
        ("audit", 1),
        ("plan", 3),
        ("rehearse", 5),
        ("quarantine", 5),
        ("quarantine", 0),
        ("apply", 5),
        ("quarantine", 0),
        ("journal", 0),
        ("audit", 1),
        ("self-remove", 0),
    ]
    left = [account["name"] for account in json.loads(last)["accounts"] if account["verdict"] == "NON_COMPLIANT"]
    assert sorted(left) == ["backups-offsite", "mailer-legacy", "payments-prod", "sandbox-theo"]


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_of_the_profiles_once_the_server_has_ended(ended_by: signal.Signals) -> None:
    with serving(ended_by=ended_by) as (lines, _):
        folder = Path(re.search(r"AWS_CONFIG_FILE=(\S+)", lines[0])[1]).parent  # type: ignore[index]  # it stands there
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


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
    own = aws(environments["caller-is-root"], "configure", "get", "aws_access_key_id").stdout.strip()
    assert own in [key["AccessKeyId"] for key in json.loads(answer.stdout)["AccessKeyMetadata"]]


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
    key_id = aws(environments["clean"], "configure", "get", "aws_access_key_id").stdout.strip()
    wrong = {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": "wrong"}
    refused = aws(environments["clean"] | wrong, "sts", "get-caller-identity")
    assert "SignatureDoesNotMatch" in refused.stderr


def test_a_scenario_that_is_not_there_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["demo", "--serve", "--scenario", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_port_that_is_taken_exits_4(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run_command_line(["demo", "--serve", "--port", str(taken.getsockname()[1])]) == 4
    assert "cannot listen on port" in capsys.readouterr().err
