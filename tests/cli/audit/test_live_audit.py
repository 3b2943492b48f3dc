"""``rootsweep audit`` on the account of the current credentials, over real HTTP."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from rootsweep_emulator import Change, DenyAccess, Emulator, Latency, Omit, Refuse, Replace, Reset, Rule, load_scenario
from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine, Outcome

Caller = Callable[[str], None]
JSON = ("audit", "--format", "json")
WHOLE = {"kind": "account", "organization_id": None, "complete": True, "incomplete_because": None}


@pytest.fixture(name="call_as")
def environment_of_a_caller(demo: Emulator, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Give the function that makes the environment that of a caller of the scenario."""

    def call_as(name: str) -> None:
        for variable, value in demo.environment(name).items():
            monkeypatch.setenv(variable, value)

    return call_as


def account_of(outcome: Outcome) -> dict[str, Any]:
    (account,) = outcome.audit["accounts"]
    found: dict[str, Any] = account
    return found


def evidence_of(outcome: Outcome, source: str) -> dict[str, Any]:
    (piece,) = [piece for piece in account_of(outcome)["evidence"] if piece["source"] == source]
    found: dict[str, Any] = piece
    return found


def codes(account: dict[str, Any], kind: str = "reasons") -> list[str]:
    return [one["code"] for one in account[kind]]


KINDS = {
    "clean": (0, "COMPLIANT", ["no_root_key"], "PASS", "PASS"),
    "active": (1, "NON_COMPLIANT", ["active_root_key"], "FAIL", "FAIL"),
    "inactive": (1, "NON_COMPLIANT", ["inactive_root_key"], "FAIL", "PASS"),
    "both": (1, "NON_COMPLIANT", ["active_root_key"], "FAIL", "FAIL"),
    "deleted-since-report": (0, "COMPLIANT", ["no_root_key", "key_deleted_since_report"], "PASS", "FAIL"),
    "created-since-report": (1, "NON_COMPLIANT", ["key_created_since_report"], "FAIL", "PASS"),
    "permission-missing": (3, "INSUFFICIENT_DATA", ["access_denied", "access_denied"], "UNKNOWN", "UNKNOWN"),
    "caller-is-root": (1, "NON_COMPLIANT", ["active_root_key"], "FAIL", "FAIL"),
    "govcloud": (1, "NON_COMPLIANT", ["active_root_key"], "FAIL", "FAIL"),
}
"""What each account of the scenario comes to: exit code, verdict, reasons, summary procedure, report procedure."""


@pytest.mark.parametrize("name", KINDS)
def test_one_account_of_each_kind(demo: Emulator, call_as: Caller, rootsweep: CommandLine, name: str) -> None:
    call_as(name)
    outcome = rootsweep(*JSON)
    account = account_of(outcome)
    procedures = account["procedures"]["account_summary"], account["procedures"]["credential_report"]
    assert (outcome.code, account["verdict"], codes(account), *procedures) == KINDS[name]
    assert (outcome.err, account["account_id"]) == ("", demo.world.account(name).id)
    partition = "aws-us-gov" if name == "govcloud" else "aws"
    assert outcome.audit["scope"] == WHOLE | {"partition": partition}


def test_every_account_of_the_scenario_is_covered(demo: Emulator) -> None:
    assert KINDS.keys() == demo.world.named.keys()


def test_every_piece_says_which_call_gave_it(call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    evidence = account_of(rootsweep(*JSON))["evidence"]
    calls = ["iam:GetAccountSummary", "sts:GetCallerIdentity", "iam:GetCredentialReport"]
    assert [piece["api_call"] for piece in evidence] == calls
    assert all(piece["access"] == "own" and piece["request_id"] and piece["observed_at"] for piece in evidence)


def test_a_root_key_that_calls_is_a_finding_with_its_id(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("caller-is-root")
    outcome = rootsweep(*JSON)
    (key,) = account_of(outcome)["keys"]
    assert key["id"] == demo.credentials("caller-is-root").access_key_id
    assert key["last_used"]["region"] == "us-east-1"
    assert {piece["access"] for piece in account_of(outcome)["evidence"]} == {"root"}


def test_a_root_key_that_may_list_nothing_is_a_finding_all_the_same(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine
) -> None:
    call_as("caller-is-root")
    demo.control.add_fault(Rule(DenyAccess(), "iam"))
    outcome = rootsweep(*JSON)
    account = account_of(outcome)
    assert (outcome.code, codes(account)) == (1, ["active_root_key"])
    assert [key["id"] for key in account["keys"]] == [demo.credentials("caller-is-root").access_key_id]
    assert codes(account, "warnings") == ["source_unavailable"]


def test_root_without_the_last_use_still_lists_its_keys(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("caller-is-root")
    demo.control.add_fault(Rule(DenyAccess(), "iam", "GetAccessKeyLastUsed"))
    demo.control.create_root_key("caller-is-root", age=3600, status="Inactive")
    keys = account_of(rootsweep(*JSON))["keys"]
    assert sorted((key["status"], key["last_used_status"]) for key in keys) == [("ACTIVE", "unknown"), ("INACTIVE", "unknown")]


def test_a_report_is_made_when_there_is_none_and_waited_for(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("both")
    demo.control.set_report_seconds("both", 1.0)
    outcome = rootsweep(*JSON)
    assert account_of(outcome)["procedures"]["credential_report"] == "FAIL"
    assert demo.control.calls("iam", "GenerateCredentialReport") == 1
    assert 2 <= demo.control.calls("iam", "GetCredentialReport") <= 5


def test_an_old_report_is_replaced_by_a_new_one(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    demo.control.advance(4 * 3600)
    outcome = rootsweep(*JSON)
    piece = evidence_of(outcome, "credential_report")
    assert (outcome.code, piece["generated_at"][:10]) == (0, piece["observed_at"][:10])
    assert demo.control.calls("iam", "GenerateCredentialReport") == 1


def test_a_report_that_never_completes_is_not_waited_for_for_ever(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine
) -> None:
    call_as("both")
    demo.control.set_report_seconds("both", float("inf"))
    outcome = rootsweep(*JSON, "--timeout", "2s")
    piece = evidence_of(outcome, "credential_report")
    assert (piece["reason"], piece["error_code"]) == ("report_not_ready", "ReportInProgress")
    assert codes(account_of(outcome)) == ["root_key_status_unknown"]
    assert demo.control.calls("iam", "GetCredentialReport") <= 5


def test_no_capacity_for_a_report_is_waited_out(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("both")
    demo.control.add_fault(Rule(Refuse("LimitExceeded"), "iam", "GenerateCredentialReport", times=2))
    outcome = rootsweep(*JSON)
    assert codes(account_of(outcome)) == ["active_root_key"]
    assert demo.control.calls("iam", "GenerateCredentialReport") == 3


def test_no_capacity_at_all(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("both")
    demo.control.add_fault(Rule(Refuse("LimitExceeded"), "iam", "GenerateCredentialReport"))
    piece = evidence_of(rootsweep(*JSON, "--timeout", "1s"), "credential_report")
    assert (piece["reason"], piece["error_code"]) == ("report_limit_exceeded", "LimitExceeded")


def test_a_report_that_may_not_be_made_is_not_polled(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("both")
    demo.control.add_fault(Rule(DenyAccess(), "iam", "GenerateCredentialReport"))
    outcome = rootsweep(*JSON)
    piece = evidence_of(outcome, "credential_report")
    assert piece["advice"] == "allow iam:GenerateCredentialReport on * to arn:aws:iam::444455556666:user/auditor"
    assert demo.control.calls("iam", "GetCredentialReport") == 1


def test_an_absent_flag_never_proves_anything(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    demo.control.add_fault(Rule(Omit(("SummaryMap", "AccountAccessKeysPresent")), "iam"))
    demo.control.add_fault(Rule(DenyAccess(), "iam", "GetCredentialReport"))
    outcome = rootsweep(*JSON)
    assert (outcome.code, codes(account_of(outcome))) == (3, ["field_absent", "access_denied"])


def test_the_live_source_is_read_again_after_a_report_that_shows_a_key(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine
) -> None:
    """The key is deleted once the report has been made, in the very second: only a second reading is provably newer."""
    call_as("clean")
    key_id = demo.control.create_root_key("clean", age=900)
    demo.control.make_report("clean")
    demo.control.delete_root_key("clean", key_id)
    outcome = rootsweep(*JSON)
    assert codes(account_of(outcome)) == ["no_root_key", "key_deleted_since_report"]
    assert (outcome.code, demo.control.calls("iam", "GetAccountSummary")) == (0, 2)


def test_where_the_second_reading_shows_a_key_the_key_stands(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("deleted-since-report")

    def create() -> None:
        demo.control.create_root_key("deleted-since-report")

    demo.control.add_fault(Rule(Change(create), "iam", "GetAccountSummary", times=1))
    account = account_of(rootsweep(*JSON))
    assert (account["verdict"], codes(account)) == ("NON_COMPLIANT", ["active_root_key"])
    assert demo.control.calls("iam", "GetAccountSummary") == 2


def test_a_max_age_below_that_of_the_kept_report_says_when_to_come_back(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine
) -> None:
    call_as("clean")
    account = account_of(rootsweep(*JSON, "--max-age", "30m"))
    assert (account["verdict"], codes(account, "warnings")) == ("COMPLIANT", ["report_older_than_max_age"])
    demo.control.add_fault(Rule(DenyAccess(), "iam", "GetAccountSummary"))
    outcome = rootsweep(*JSON, "--max-age", "30m")
    account = account_of(outcome)
    assert (outcome.code, codes(account)) == (3, ["report_too_old"])
    assert "at most every 4 hours, the next from 20" in account["reasons"][0]["message"]
    assert demo.control.calls("iam", "GenerateCredentialReport") == 0


@pytest.mark.parametrize(
    "effect", [Refuse("InternalFailure", status=500), Refuse("ServiceUnavailable"), Reset(), Reset(acted=True)]
)
def test_passing_troubles_change_nothing(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine, effect: Refuse | Reset
) -> None:
    call_as("active")
    for operation in ("GetCallerIdentity", "GetAccountSummary", "GetCredentialReport"):
        demo.control.add_fault(Rule(effect, operation=operation, times=4))
    outcome = rootsweep(*JSON)
    assert (outcome.code, codes(account_of(outcome))) == (1, ["active_root_key"])


def test_files_and_the_account_are_judged_together(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("permission-missing")
    account = demo.world.account("permission-missing").id
    report = saved_files.lines([saved_files.HEADER, saved_files.root()])
    own = rootsweep.save("own.csv", report.replace(saved_files.ACCOUNT, account))
    other = rootsweep.save("other.csv", report)
    outcome = rootsweep(*JSON, "--access", "own", "--from", own, other)
    assert outcome.verdicts == {account: "COMPLIANT", saved_files.ACCOUNT: "COMPLIANT"}
    assert outcome.code == 0
    by_access = {piece["access"] for row in outcome.audit["accounts"] for piece in row["evidence"]}
    assert by_access == {"own", "files"}


def test_saved_evidence_alone_asks_nothing_of_aws(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("active")
    report = rootsweep.save("report.csv", saved_files.lines([saved_files.HEADER, saved_files.root()]))
    assert rootsweep(*JSON, "--from", report).code == 0
    assert demo.control.calls() == 0


def test_an_account_that_was_not_asked_for(call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    outcome = rootsweep(*JSON, "--account", "999988887777")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "the credentials are of account 111122223333" in outcome.err
    assert rootsweep(*JSON, "--account", "1111-2222-3333").code == 0


def assert_one_sentence(outcome: Outcome, code: int, *parts: str) -> None:
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (code, "", 1), outcome
    assert [part for part in parts if part not in outcome.err] == []


def test_no_credentials(call_as: Caller, rootsweep: CommandLine) -> None:  # noqa: ARG001  the fixture empties the environment
    assert_one_sentence(rootsweep("audit"), 4, "no AWS credentials were found", "aws sso login", "--from")


def test_a_profile_that_does_not_exist(call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    assert_one_sentence(rootsweep("audit", "--profile", "nobody"), 2, "no profile 'nobody'", "list-profiles")


def test_a_configuration_file_that_cannot_be_read(
    call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_as("clean")
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", "[default\nregion"))
    assert_one_sentence(rootsweep("audit"), 2, "cannot be read", "AWS_CONFIG_FILE")


@pytest.mark.parametrize(("variable", "value"), [("AWS_RETRY_MODE", "eager"), ("AWS_MAX_ATTEMPTS", "many")])
def test_a_setting_that_makes_no_sense(
    call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    call_as("clean")
    monkeypatch.setenv(variable, value)
    assert_one_sentence(rootsweep("audit"), 2, "invalid AWS SDK setting")


def test_a_region_that_cannot_be(call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    assert_one_sentence(rootsweep("audit", "--region", "no where!"), 4, "could not send sts:GetCallerIdentity", "no where!")


SSO = """
[profile production]
sso_session = company
sso_account_id = 111122223333
sso_role_name = Auditor
[sso-session company]
sso_region = eu-west-1
sso_start_url = https://company.awsapps.com/start
"""


def test_an_sso_profile_that_is_not_signed_in(
    call_as: Caller,  # noqa: ARG001  the fixture empties the environment
    rootsweep: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", SSO))
    outcome = rootsweep("audit", "--profile", "production")
    assert_one_sentence(outcome, 4, "the AWS credentials have expired", "aws sso login --profile production")


def test_a_profile_with_a_key_of_its_own(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_as("active")
    key_id, secret, _ = demo.credentials("clean")
    text = f"[clean]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", rootsweep.save("credentials", text))
    assert account_of(rootsweep(*JSON, "--profile", "clean"))["account_id"] == "111122223333"


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell here")
def test_credentials_of_a_process_and_a_process_that_fails(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_as("active")
    key_id, secret, _ = demo.credentials("clean")
    answer = rootsweep.save("answer", json.dumps({"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret}))
    config = f"[profile process]\ncredential_process = cat {answer}\n[profile failing]\ncredential_process = false\n"
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", config))
    assert rootsweep(*JSON, "--profile", "process").verdicts == {"111122223333": "COMPLIANT"}
    assert_one_sentence(rootsweep("audit", "--profile", "failing"), 4, "could not load AWS credentials", "--profile failing")


WITH_A_SHELL = pytest.mark.skipif(shutil.which("sh") is None, reason="no shell here")
BROKEN_PROFILES = """
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = keyed
mfa_serial = arn:aws:iam::111122223333:mfa/me
[profile keyed]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile gone]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = nowhere
[profile loop]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = back
[profile back]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = loop
[profile source]
role_arn = arn:aws:iam::111122223333:role/x
credential_source = Nonsense
[profile web]
role_arn = arn:aws:iam::111122223333:role/x
web_identity_token_file = /nonexistent/token
[profile rubbish]
credential_process = echo rubbish
[profile missing]
credential_process = /nonexistent/tool
[profile login]
login_session = arn:aws:iam::111122223333:root
"""


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ("mfa", ("asks for an MFA code", "aws configure export-credentials --profile mfa")),
        ("gone", ("the AWS profile is invalid", "source_profile")),
        ("loop", ("the AWS profile is invalid", "leads back to it")),
        ("source", ("the AWS profile is invalid", "credential_source")),
        ("web", ("does not exist", "web_identity_token_file")),
        ("missing", ("does not exist", "credential_process")),
        pytest.param("rubbish", ("printed or held something else", "credential_process"), marks=WITH_A_SHELL),
        pytest.param(
            "login",
            ("the session of `aws login` has expired or is missing", "run `aws login --profile login`"),
            marks=pytest.mark.skipif(find_spec("awscrt") is None, reason="the extra login is not installed"),
        ),
    ],
)
def test_a_profile_that_gives_no_credentials_is_one_true_sentence(
    call_as: Caller,  # noqa: ARG001  the fixture empties the environment
    rootsweep: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", BROKEN_PROFILES))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    outcome = rootsweep("audit", "--profile", profile)
    assert_one_sentence(outcome, 4, *words)
    assert "check the Region" not in outcome.err
    assert "EXAMPLEKEY" not in outcome.err


def test_a_profile_of_aws_login_is_used_by_its_cached_token(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("awscrt", reason="it costs every call 100 ms, so only the extra login installs it")
    call_as("active")
    key_id, secret, token = demo.credentials("caller-is-root")
    account_id = demo.world.account("caller-is-root").id
    arn = f"arn:aws:iam::{account_id}:root"
    cached = {
        "accessToken": {
            "accessKeyId": key_id,
            "secretAccessKey": secret,
            "sessionToken": token,
            "accountId": account_id,
            "expiresAt": f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        },
        "refreshToken": "refresh",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "dpopKey": "key",
    }
    rootsweep.save(f"login/{hashlib.sha256(arn.encode()).hexdigest()}.json", json.dumps(cached))
    monkeypatch.setenv("AWS_LOGIN_CACHE_DIRECTORY", str(rootsweep.folder / "login"))
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", f"[profile root]\nlogin_session = {arn}\n"))
    assert account_of(rootsweep(*JSON, "--profile", "root"))["account_id"] == account_id


def test_without_its_library_a_profile_of_aws_login_names_what_to_install(
    call_as: Caller,  # noqa: ARG001  the fixture empties the environment
    rootsweep: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", BROKEN_PROFILES))
    code = "import sys; sys.modules['awscrt'] = None; import rootsweep.cli; rootsweep.cli.main()"
    words = [sys.executable, "-c", code, "audit", "--profile", "login", "--history", "none"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (4, 1)
    assert "install rootsweep[login]" in ran.stderr
    assert "aws configure export-credentials --profile login" in ran.stderr


def test_no_network(call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    call_as("clean")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert_one_sentence(rootsweep("audit"), 4, "cannot be reached", "AWS_ENDPOINT_URL")


@pytest.mark.parametrize(("seconds", "words"), [(-3600, "60 minutes ahead of"), (2 * 86_400, "2880 minutes behind")])
def test_a_clock_that_is_off(demo: Emulator, call_as: Caller, rootsweep: CommandLine, seconds: float, words: str) -> None:
    call_as("clean")
    demo.control.skew(seconds)
    assert_one_sentence(rootsweep("audit"), 4, f"the clock of this machine is {words} AWS's", "set the clock")


def test_an_expired_session(demo: Emulator, call_as: Caller, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    call_as("clean")
    demo.control.add_fault(Rule(Refuse("ExpiredToken", "The security token included in the request is expired"), "sts"))
    assert_one_sentence(rootsweep("audit"), 4, "the AWS credentials have expired", "sign in again")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    demo.control.clear_faults()
    assert_one_sentence(rootsweep("audit"), 4, "AWS does not know the credentials", "us-east-1")


def test_a_session_that_expires_midway_is_evidence(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("clean")
    demo.control.add_fault(Rule(Refuse("ExpiredToken"), "iam"))
    outcome = rootsweep(*JSON)
    assert (outcome.code, codes(account_of(outcome))) == (3, ["credentials_expired", "credentials_expired"])


def test_no_secret_and_no_token_is_ever_shown(demo: Emulator, call_as: Caller, rootsweep: CommandLine) -> None:
    call_as("caller-is-root")
    secret = demo.credentials("caller-is-root").secret_access_key
    for arguments in (JSON, ("audit",)):
        outcome = rootsweep(*arguments)
        assert secret not in outcome.out + outcome.err


def test_china_has_no_root_user(tmp_path: Path, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = tmp_path / "china.toml"
    scenario.write_text(
        '[[account]]\nid = "111122223333"\nname = "beijing"\npartition = "aws-cn"\ncaller = "user/auditor"\n'
        '[[account.user]]\nname = "auditor"\n',
        encoding="utf-8",
    )
    with Emulator(load_scenario(scenario)) as emulator:
        for variable, value in emulator.environment("beijing").items():
            monkeypatch.setenv(variable, value)
        outcome = rootsweep(*JSON)
    assert (account_of(outcome)["verdict"], codes(account_of(outcome))) == ("NOT_APPLICABLE", ["partition_has_no_root_user"])


def test_interrupting_ends_at_once(demo: Emulator, call_as: Caller) -> None:
    call_as("clean")
    demo.control.add_fault(Rule(Latency(20.0), "iam"))
    code = "import rootsweep.cli; rootsweep.cli.main()"
    with subprocess.Popen([sys.executable, "-c", code, "audit"], stderr=subprocess.PIPE, text=True) as process:
        while not demo.control.calls("iam"):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(2)
        _, errors = process.communicate(timeout=3)
    assert (process.returncode, errors.strip()) == (130, "rootsweep: interrupted")


def test_a_caller_that_aws_places_in_another_account_proves_nothing(
    demo: Emulator, call_as: Caller, rootsweep: CommandLine
) -> None:
    call_as("clean")
    other = demo.world.account("active").id
    demo.control.add_fault(Rule(Replace(("Account",), other), "sts"))
    demo.control.add_fault(Rule(Replace(("Arn",), f"arn:aws:iam::{other}:user/auditor"), "sts"))
    outcome = rootsweep(*JSON)
    assert (outcome.code, account_of(outcome)["account_id"]) == (3, other)
    assert codes(account_of(outcome)) == ["key_of_another_account"]
    assert demo.control.calls("iam") == 0
