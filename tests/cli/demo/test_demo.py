"""``rootsweep demo``: every kind of account, and nothing but this machine, whatever the environment says."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep.aws.session import SessionOptions, open_session
from rootsweep.cli import run_command_line
from rootsweep.errors import UsageError
from tests.live import now

DEMO = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()", "demo", "--accounts"]


def test_the_demo_shows_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["demo", "--accounts"]) == 0
    out = capsys.readouterr().out
    kinds = ["active_root_key", "inactive_root_key", "key_created_since_report", "key_deleted_since_report", "no_root_key"]
    names = ["caller-is-root", "govcloud", "permission-missing", "arn:aws:iam::777788889999:user/intern"]
    assert [kind for kind in [*kinds, *names, "2 of 9 accounts proven", "exits 1"] if kind not in out] == []


def test_the_demo_sweeps_an_organization_with_every_kind_of_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["demo"]) == 0
    out = capsys.readouterr().out
    summary = re.search(r"^(\d+) of 287 accounts proven", out, re.MULTILINE)
    assert summary
    assert int(summary[1]) >= 250
    kinds = ["CRITICAL", "HIGH", "unread", "unreachable", "account_suspended", "account_closed", "Could not be judged"]
    assert [kind for kind in kinds if kind not in out] == []


def test_it_fits_a_screen_and_ends_with_what_to_run_next(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run_command_line(["demo"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 60
    keyed = [line.split()[1] for line in lines if re.search(r" AKIA\w{16} (ACTIVE|INACTIVE) ", line) and line[:1].isdigit()]
    assert {"payments-prod", "backups-offsite", "sandbox-theo", "mailer-legacy", "data-lake-staging"} <= set(keyed)
    assert lines[-5:] == [
        "Next:",
        "  rootsweep demo --serve",
        "      the same organization for every other command: plan, quarantine, apply",
        "  rootsweep audit --organization",
        "      your own, from the management account; it only reads",
    ]


@pytest.mark.parametrize(
    "options",
    [
        ["--accounts", "--serve"],
        ["--saved", "--serve"],
        ["--accounts", "--saved"],
        ["--scenario", "demo"],
        ["--port", "0"],
        ["--saved", "--port", "8000"],
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["demo", *options]) == 2
    refusal = capsys.readouterr()
    assert refusal.out == ""
    assert [option for option in options if option.startswith("--") and option in refusal.err]


def test_the_demo_calls_nothing_but_itself(tmp_path: Path) -> None:
    """A proxy, endpoints, credentials and configuration that lead elsewhere are passed over."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        url = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        config = tmp_path / "config"
        config.write_text(
            f"[default]\nendpoint_url = {url}\nregion = eu-west-1\nservices = s\n[services s]\niam =\n  endpoint_url = {url}\n"
        )
        environment = os.environ | {
            "AWS_CONFIG_FILE": str(config),
            "AWS_PROFILE": "missing",
            "AWS_ENDPOINT_URL": url,
            "AWS_ENDPOINT_URL_IAM": url,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wrong",
            "AWS_REGION": "ap-south-1",
            "AWS_DEFAULT_REGION": "no where!",
            "AWS_RETRY_MODE": "eager",
            "AWS_MAX_ATTEMPTS": "many",
            "AWS_USE_FIPS_ENDPOINT": "true",
            "AWS_CA_BUNDLE": str(tmp_path / "missing.pem"),
            "HTTP_PROXY": url,
            "http_proxy": url,
            "HTTPS_PROXY": url,
            "ALL_PROXY": url,
            "NO_PROXY": "",
            "no_proxy": "",
        }
        ran = subprocess.run(DEMO, env=environment, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "2 of 9 accounts proven" in ran.stdout
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


@pytest.mark.parametrize("endpoint", ["https://iam.amazonaws.com", "http://10.0.0.1:80", "http://127.0.0.1.example.com", "x"])
def test_an_embedded_organization_is_on_this_machine(endpoint: str) -> None:
    with pytest.raises(UsageError, match="on this machine"):
        open_session(SessionOptions(endpoint=endpoint), now)
