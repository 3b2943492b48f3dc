"""``rootsweep central-access`` over real HTTP: what is enabled is told, and only what is missing is enabled."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rootsweep.core.removal.journal import Intent, Outcome, PlanOpened, RemediationCommand
from rootsweep.reports.contracts.central_access_v1 import Status
from rootsweep.storage.journal import inspect_journal
from rootsweep_emulator import Body, Change, DenyAccess, Effect, Emulator, Omit, Refuse, Reset, Rule
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.cli.processes import EVERY_FEW_CALLS, code_of, start

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
TRUST = ("organizations", "EnableAWSServiceAccess")
FEATURE = ("iam", "EnableOrganizationsRootCredentialsManagement")
SESSIONS = ("iam", "EnableOrganizationsRootSessions")
DELEGATION = ("organizations", "RegisterDelegatedAdministrator")
WRITES = (TRUST, FEATURE, SESSIONS, DELEGATION)


class Case:
    """An organization of which nothing is enabled."""

    def __init__(self, emulator: Emulator, folder: Path, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.journal = folder / "journal.jsonl"
        self.organization = next(iter(emulator.world.organizations.values()))
        self.member = emulator.world.account("workload-00001").id
        self._rootsweep = rootsweep
        self._monkeypatch = monkeypatch
        self.control.set_delegated_administrators("management")
        self.control.set_features("management")
        self.control.set_trusted_access("management", enabled=False)
        self.call_as("management")

    def call_as(self, name: str) -> None:
        for variable, value in self.emulator.environment(name).items():
            self._monkeypatch.setenv(variable, value)

    def call_as_member(self) -> None:
        key = self.control.root_console_session(self.member)
        for variable, value in zip(("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"), key, strict=True):
            self._monkeypatch.setenv(f"AWS_{variable}", str(value))

    def status(self) -> Ended:
        return self._rootsweep("central-access")

    def enable(self, *arguments: str, confirm: bool = True, timeout: str = "10s") -> Ended:
        confirmed = ("--confirm", self.organization.id) if confirm else ()
        given = ("--journal", str(self.journal), "--timeout", timeout, *confirmed, *arguments)
        return self._rootsweep("central-access", "enable", *given)

    @property
    def writes(self) -> list[int]:
        return [self.control.calls(*call) for call in WRITES]

    @property
    def truth(self) -> tuple[bool, set[str], set[str]]:
        """Whether IAM is trusted, the features, and the delegated administrators."""
        delegates = self.organization.delegated_administrators.truth.get("iam.amazonaws.com", {})
        trusted = "iam.amazonaws.com" in self.organization.trusted_access.truth
        return trusted, set(self.organization.features.truth), set(delegates)

    def outcomes(self) -> dict[str, str]:
        payloads = [entry.payload for entry in inspect_journal(self.journal).entries]
        return {payload.action: payload.outcome for payload in payloads if isinstance(payload, Outcome)}


@pytest.fixture(name="case")
def organization_without_anything(
    organization: Emulator, tmp_path: Path, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> Case:
    monkeypatch.setenv("COLUMNS", "200")
    return Case(organization, tmp_path, rootsweep, monkeypatch)


def words(text: str) -> str:
    return " ".join(text.split())


# Status


def test_nothing_is_enabled(case: Case) -> None:
    done = case.status()
    assert (done.code, done.err) == (5, "")
    said = words(done.out)
    assert f"organization {case.organization.id}, feature set ALL, partition aws" in said
    assert "trusted access for IAM not enabled" in said
    assert "root credentials management unknown: AWS tells it only while trusted access for IAM is enabled" in said
    assert "delegated administrators none for IAM" in said
    assert "it may enable what is missing" in said
    assert "`rootsweep central-access enable`, in the management account, enables it" in said
    assert "proves nothing about keys" in said
    assert case.writes == [0, 0, 0, 0]


def test_trusted_access_alone_is_not_enough(case: Case) -> None:
    case.control.set_trusted_access("management", enabled=True)
    done = case.status()
    assert done.code == 5
    assert "root credentials management not enabled" in words(done.out)


def test_root_sessions_are_not_root_credentials_management(case: Case) -> None:
    case.control.set_trusted_access("management", enabled=True)
    case.control.set_features("management", "RootSessions")
    done = case.status()
    assert done.code == 5
    assert "root credentials management not enabled root sessions enabled" in words(done.out)


def test_features_that_are_kept_while_trusted_access_is_off_cannot_be_used(case: Case) -> None:
    case.control.set_features("management", "RootCredentialsManagement")
    assert case.status().code == 5


def all_enabled(case: Case) -> None:
    case.control.set_trusted_access("management", enabled=True)
    case.control.set_features("management", "RootCredentialsManagement", "RootSessions")
    case.control.set_delegated_administrators("management", "security")


@pytest.mark.parametrize(
    ("caller", "rights"), [("management", "it may enable what is missing"), ("security", "which may enable nothing")]
)
def test_everything_is_enabled(case: Case, caller: str, rights: str) -> None:
    all_enabled(case)
    case.call_as(caller)
    done = case.status()
    assert done.code == 0
    said = words(done.out)
    assert f"delegated administrators {case.emulator.world.account('security').id}" in said
    assert rights in said
    assert "Root credentials management can be used." in said


def test_a_member_is_told_whom_aws_would_tell(case: Case) -> None:
    all_enabled(case)
    case.call_as_member()
    done = case.status()
    assert done.code == 4
    said = words(done.out)
    assert "to the management account and to delegated administrators alone" in said
    assert "neither the management account nor the delegated administrator for IAM" in said
    assert "is unknown: see above" in said


@pytest.mark.parametrize(
    ("denied", "code"),
    [
        (("organizations", "ListAWSServiceAccessForOrganization"), 0),
        (("organizations", "ListDelegatedAdministrators"), 0),
        (("organizations", "DescribeOrganization"), 0),
        (("iam", "ListOrganizationsFeatures"), 4),
    ],
)
def test_a_denial_is_a_line_with_what_to_allow(case: Case, denied: tuple[str, str], code: int) -> None:
    """Trusted access is told by IAM as well, which lists features only where it sees it."""
    all_enabled(case)
    case.control.add_fault(Rule(DenyAccess(), *denied))
    done = case.status()
    assert done.code == code
    if "ListAWSServiceAccess" not in denied[1]:
        assert f"allow {denied[0]}:{denied[1]} on" in words(done.out)
    assert done.err == ""


def test_an_account_outside_of_organizations_is_told_so(case: Case) -> None:
    case.control.add_fault(Rule(Refuse("AWSOrganizationsNotInUseException"), "organizations", "DescribeOrganization"))
    done = case.status()
    assert (done.code, done.out) == (4, "")
    assert "is in no organization" in done.err


@pytest.mark.parametrize(("partition", "said"), [("aws-cn", "no root user"), ("aws-us-gov", "no root credentials management")])
def test_partitions_without_it_say_so(case: Case, monkeypatch: pytest.MonkeyPatch, partition: str, said: str) -> None:
    region = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}[partition]
    for account in case.organization.accounts:
        account.partition = partition  # type: ignore[assignment]  # a literal
    case.organization.partition = partition  # type: ignore[assignment]  # the same
    monkeypatch.setenv("AWS_REGION", region)
    case.control.set_trusted_access("management", enabled=True)
    done = case.status()
    assert done.code == 5
    assert said in words(done.out)
    assert "cannot be used" in words(done.out)
    assert "central-access enable" not in done.out
    refused = case.enable()
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert case.writes == [0, 0, 0, 0]


def test_json_is_the_contract(case: Case, rootsweep: CommandLine) -> None:
    done = rootsweep("central-access", "status", "--format", "json")
    msgspec.json.decode(done.out.encode(), type=Status)
    status: dict[str, Any] = json.loads(done.out)
    assert (done.code, status["schema"], status["usable"]) == (5, "rootsweep.central-access/1", "no")
    assert status["trusted_access"] == {"state": "disabled", "problem": None, "advice": None}
    assert status["root_sessions"]["state"] == "unknown"
    assert status["delegated_administrators"]["account_ids"] == []
    assert status["caller"]["may_enable"] is True
    case.control.add_fault(Rule(DenyAccess(), "organizations"))
    done = rootsweep("central-access", "--format", "json")
    status = json.loads(done.out)
    assert status["organization"]["id"] is None
    assert "allow organizations:DescribeOrganization" in status["organization"]["advice"]
    assert (status["delegated_administrators"]["account_ids"], status["caller"]["may_enable"]) == (None, None)
    all_enabled(case)
    assert json.loads(rootsweep("central-access", "--format", "json").out)["usable"] == "yes"


# Enabling


def test_all_is_enabled_in_order_and_verified(case: Case) -> None:
    done = case.enable("--root-sessions", "--delegate", case.member)
    assert (done.code, done.err) == (0, "")
    assert case.truth == (True, {"RootCredentialsManagement", "RootSessions"}, {case.member})
    assert case.writes == [1, 1, 1, 1]
    inspection = inspect_journal(case.journal)
    opened, *rest = [entry.payload for entry in inspection.entries]
    assert isinstance(opened, PlanOpened)
    assert opened.command is RemediationCommand.CENTRAL_ACCESS
    assert opened.plan_digest == f"central-access:{case.organization.id}"
    assert [type(payload) for payload in rest] == [Intent, Outcome] * 4
    assert list(case.outcomes()) == [
        "enable_service_access",
        "enable_root_credentials_management",
        "enable_root_sessions",
        "register_delegated_administrator",
    ]
    assert set(case.outcomes().values()) == {"enabled"}
    assert (inspection.verification.intact, inspection.unfinished) == (True, ())
    plan = [done.out.index(word) for word in ("1. trusted", "2. root credentials", "3. root sessions", "4. delegated")]
    assert plan == sorted(plan)
    assert "removes or creates any root credential" in words(done.out)
    assert case.status().code == 0


def test_only_what_was_asked_for_is_enabled(case: Case) -> None:
    assert case.enable().code == 0
    assert case.truth == (True, {"RootCredentialsManagement"}, set())
    assert case.writes == [1, 1, 0, 0]


def test_enabled_again_nothing_is_done_again(case: Case) -> None:
    assert case.enable().code == 0
    case.control.reset_calls()
    done = case.enable(confirm=False)
    assert (done.code, case.writes) == (0, [0, 0, 0, 0])
    assert "enabled already" in done.out


def test_only_what_is_missing_is_enabled(case: Case) -> None:
    case.control.set_trusted_access("management", enabled=True)
    case.control.set_features("management", "RootSessions")
    done = case.enable("--root-sessions", "--delegate", case.member)
    assert (done.code, case.writes) == (0, [0, 1, 0, 1])
    assert "1. root credentials management" in done.out
    assert case.truth == (True, {"RootCredentialsManagement", "RootSessions"}, {case.member})


def test_features_that_outlast_trusted_access_are_not_enabled_again(case: Case) -> None:
    case.control.set_features("management", "RootCredentialsManagement")
    assert case.enable().code == 0
    assert case.writes == [1, 0, 0, 0]


def test_what_else_is_enabled_stays_so(case: Case) -> None:
    all_enabled(case)
    before = case.truth
    assert case.enable("--delegate", case.member).code == 0
    trusted, features, delegates = case.truth
    assert (trusted, features, delegates) == (before[0], before[1], before[2] | {case.member})
    disabling = [
        name for (_, name) in case.control.calls_by_operation() if name.startswith(("Disable", "Deregister", "Delete"))
    ]
    assert disabling == []


@pytest.mark.parametrize("call", WRITES)
@pytest.mark.parametrize("effect", [Reset(acted=True), Reset(), Refuse("InternalFailure", status=500)])
def test_troubles_that_pass_change_nothing(case: Case, call: tuple[str, str], effect: Effect) -> None:
    case.control.add_fault(Rule(effect, *call, times=2))
    assert case.enable("--root-sessions", "--delegate", case.member).code == 0
    assert case.truth == (True, {"RootCredentialsManagement", "RootSessions"}, {case.member})


@pytest.mark.parametrize("call", WRITES)
@pytest.mark.parametrize(
    "effect",
    [
        Reset(acted=True),
        Refuse("GatewayTimeout", status=504, acted=True),
        Refuse("ServiceException", status=400, acted=True),
        Body(b"<html>Gateway Timeout</html>", status=504, acted=True),
    ],
    ids=str,
)
def test_a_reply_that_is_lost_for_good_is_found_out_by_asking(case: Case, call: tuple[str, str], effect: Effect) -> None:
    case.control.add_fault(Rule(effect, *call))
    done = case.enable("--root-sessions", "--delegate", case.member)
    assert (done.code, set(case.outcomes().values())) == (0, {"enabled"})


def test_a_call_that_never_arrives_is_not_taken_for_done(case: Case) -> None:
    case.control.add_fault(Rule(Reset(), *FEATURE))
    done = case.enable("--delegate", case.member, timeout="1s")
    assert done.code == 5
    assert case.outcomes()["enable_root_credentials_management"] == "not_enabled"
    assert "NOT_ATTEMPTED" in done.out
    assert case.truth == (True, set(), set())


def test_changes_that_show_late_are_waited_for(case: Case) -> None:
    case.control.set_consistency_lag(1.5)
    done = case.enable("--root-sessions", "--delegate", case.member)
    assert (done.code, set(case.outcomes().values())) == (0, {"enabled"})


def test_changes_that_do_not_show_in_time_are_not_verified(case: Case) -> None:
    case.control.set_consistency_lag(600.0)
    done = case.enable(timeout="1s")
    assert (done.code, case.outcomes()) == (5, {"enable_service_access": "not_verified"})
    case.control.set_consistency_lag(0.0)
    case.control.advance(601)
    assert case.enable().code == 0
    assert case.truth == (True, {"RootCredentialsManagement"}, set())


def test_iam_that_does_not_see_trusted_access_yet_is_asked_again(case: Case) -> None:
    case.control.add_fault(Rule(Refuse("ServiceAccessNotEnabledException"), *FEATURE, times=2))
    assert case.enable().code == 0
    assert case.truth == (True, {"RootCredentialsManagement"}, set())


@pytest.mark.parametrize("call", WRITES)
def test_a_denial_is_told_with_what_to_allow_and_stops_the_rest(case: Case, call: tuple[str, str]) -> None:
    handle = case.control.add_fault(Rule(DenyAccess(), *call))
    done = case.enable("--root-sessions", "--delegate", case.member)
    assert done.code == 5
    assert f"allow {call[0]}:{call[1]} on" in words(done.out)
    assert done.out.count("NOT_ATTEMPTED") == 3 - WRITES.index(call)
    case.control.remove_fault(handle)
    assert case.enable("--root-sessions", "--delegate", case.member).code == 0


@pytest.mark.parametrize(
    ("refusal", "call", "said"),
    [
        ("ConstraintViolationException", DELEGATION, "has to be an active member account"),
        ("AccountNotFoundException", DELEGATION, "the organization has no such account"),
        ("InvalidInputException", DELEGATION, "check the account id"),
        ("CallerIsNotManagementAccountException", FEATURE, "is for the management account alone"),
        ("CallerIsNotManagementAccountException", SESSIONS, "is for the management account alone"),
    ],
)
def test_what_aws_will_never_take_is_told_at_once(case: Case, refusal: str, call: tuple[str, str], said: str) -> None:
    case.control.add_fault(Rule(Refuse(refusal), *call))
    done = case.enable("--root-sessions", "--delegate", case.member)
    assert (done.code, case.control.calls(*call)) == (5, 1)
    assert said in words(done.out)
    assert "refused" in case.outcomes().values()


def test_an_operation_that_the_endpoint_does_not_know_is_not_asked_for_again(case: Case) -> None:
    case.control.add_fault(Rule(Refuse("UnknownOperationException", status=501), "iam", "ListOrganizationsFeatures"))
    ended = case.enable(timeout="60s")
    assert ended.code != 0
    assert "does not know iam:ListOrganizationsFeatures" in ended.out + ended.err
    assert case.control.calls("iam", "ListOrganizationsFeatures") <= 4


def test_another_change_under_way_is_waited_for(case: Case) -> None:
    case.control.add_fault(Rule(Refuse("ConcurrentModificationException"), *DELEGATION, times=1))
    assert case.enable("--delegate", case.member).code == 0


def test_an_unseen_state_stops_before_anything_is_changed(case: Case) -> None:
    case.control.add_fault(Rule(DenyAccess(), "iam", "ListOrganizationsFeatures"))
    case.control.set_trusted_access("management", enabled=True)
    done = case.enable()
    assert (done.code, case.writes) == (5, [0, 0, 0, 0])
    assert "allow iam:ListOrganizationsFeatures" in words(done.out)


@EVERY_FEW_CALLS
def test_killed_between_any_two_calls_a_rerun_ends_the_work(case: Case, stride: int) -> None:
    """The process is killed when its n-th call arrives, which the server then carries out or not; then it is run again."""
    arguments = ("--root-sessions", "--delegate", case.member)
    given = ["central-access", "enable", "--confirm", case.organization.id, "--timeout", "5s", *arguments]
    calls = 1
    while True:
        case.journal = case.journal.with_name(f"{calls}.jsonl")
        case.control.set_delegated_administrators("management")
        case.control.set_features("management")
        case.control.set_trusted_access("management", enabled=False)
        process = start(*given, "--journal", str(case.journal))
        handle = case.control.add_fault(Rule(Change(process.kill), skip=calls - 1, times=1))
        code = code_of(process)
        case.control.remove_fault(handle)
        assert case.enable(*arguments).code == 0, f"killed at call {calls}"
        assert case.truth == (True, {"RootCredentialsManagement", "RootSessions"}, {case.member})
        if case.journal.exists():
            inspection = inspect_journal(case.journal)
            assert (inspection.verification.intact, inspection.unfinished) == (True, ()), f"killed at call {calls}"
        if code == 0:
            break
        calls += stride
    assert calls > 10


# Refusals


def refused(case: Case, done: Ended, code: int, said: str) -> None:
    assert done.code == code
    assert said in done.err
    assert case.writes == [0, 0, 0, 0]
    assert not case.journal.exists()


def test_nothing_is_enabled_without_confirmation(case: Case) -> None:
    refused(case, case.enable(confirm=False), 2, f"pass --confirm {case.organization.id}")
    refused(case, case.enable("--confirm", "o-elsewhere01", confirm=False), 2, "--confirm names o-elsewhere01")


@pytest.mark.parametrize("caller", ["delegate", "member"])
def test_only_the_management_account_enables(case: Case, caller: str) -> None:
    all_enabled(case)
    if caller == "delegate":
        case.call_as("security")
    else:
        case.call_as_member()
    refused(case, case.enable(), 4, "only the management account")


def test_the_organization_has_to_be_known(case: Case) -> None:
    case.control.add_fault(Rule(DenyAccess(), "organizations", "DescribeOrganization"))
    refused(case, case.enable(), 4, "allow organizations:DescribeOrganization")


def test_the_management_account_needs_no_delegation(case: Case) -> None:
    refused(case, case.enable("--delegate", case.organization.management_account_id), 2, "needs no delegation")


def test_a_journal_that_is_being_written_is_left_alone(case: Case) -> None:
    from rootsweep.storage.journal import Journal  # noqa: PLC0415  the only use

    with Journal.open(case.journal, lambda: datetime.now(UTC)):
        done = case.enable()
    assert (done.code, case.writes) == (2, [0, 0, 0, 0])


def test_a_feature_set_that_aws_does_not_give_is_unknown(case: Case) -> None:
    case.control.add_fault(Rule(Omit(("Organization", "FeatureSet")), "organizations", "DescribeOrganization"))
    assert "feature set unknown" in words(case.status().out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--delegate", "111122223333"),
        ("status", "--root-sessions"),
        ("status", "--confirm", "o-x"),
        ("status", "--journal", "x"),
        ("enable", "--format", "json"),
        ("disable",),
    ],
)
def test_what_has_no_meaning_is_refused(case: Case, rootsweep: CommandLine, arguments: tuple[str, ...]) -> None:
    done = rootsweep("central-access", *arguments)
    refused(case, done, 2, "")
    assert done.err


@pytest.mark.parametrize(("typed", "code"), [("{organization}", 0), ("o-other", 2), ("", 2)])
def test_the_id_is_typed_at_a_terminal(case: Case, tmp_path: Path, typed: str, code: int) -> None:
    pty: Callable[[], tuple[int, int]] = pytest.importorskip("pty").openpty
    ours, theirs = pty()
    command = [*PROGRAM, "central-access", "enable", "--journal", str(case.journal)]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.write(ours, (typed.format(organization=case.organization.id) + "\n").encode())
        assert process.wait(60) == code
    os.close(ours)
    os.close(theirs)
    assert case.truth[0] is (code == 0)


def test_a_journal_that_is_lost_midway_ends_it_and_says_what_was_done(case: Case) -> None:
    case.control.add_fault(Rule(Change(case.journal.unlink), *FEATURE, times=1))
    outcome = case.enable("--root-sessions")
    assert (outcome.code, case.writes) == (5, [1, 1, 0, 0])
    assert outcome.out.count("ENABLED") == 2
    assert "removed or changed" in outcome.err
    assert "Something is left" in outcome.out
