"""Sessions are used in the account that they were asked for and in no other, over real HTTP, in every partition."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import rootsweep
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.session_account import Role
from rootsweep.aws.sts import DELETE_TASK, assume_role, assume_root, get_caller_identity
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import UnavailableReason
from rootsweep_emulator import Body, Effect, Emulator, Omit, Refuse, Replace, Rule, SessionOf, load_scenario
from tests.live import access_of, open_emulated

MEMBER, OTHER = "222233334444", "333344445555"
SCENARIO = """
[[account]]
id = "111122223333"
name = "management"
partition = "{partition}"
caller = "user/auditor"
[[account.user]]
name = "auditor"
[[account]]
id = "222233334444"
name = "member"
partition = "{partition}"
[[account.role]]
name = "RootAudit"
trusts = ["111122223333"]
[[account.root_key]]
created = "400d"
[[account]]
id = "333344445555"
name = "other"
partition = "{partition}"
[[account.role]]
name = "RootAudit"
trusts = ["111122223333"]
[organization]
management = "management"
features = ["RootCredentialsManagement", "RootSessions"]
"""
Opened = Answer[SessionCredentials] | Refusal
Open = Callable[[Emulator], Opened]


class Case:
    """A caller in the management account of an organization in one partition."""

    def __init__(self, emulator: Emulator, partition: str) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.partition = partition
        self.session: Session = open_emulated(emulator)
        self.access: AccountAccess = access_of(emulator, "management")

    def open_root_session(self, task: str | None = None) -> Opened:
        further = () if task is None else (task,)
        return assume_root(self.session, self.access, MEMBER, self.partition, *further)

    def open_role_session(self) -> Opened:
        return assume_role(self.session, self.access, Role(MEMBER, self.partition, "RootAudit"), None)

    def account_of(self, opened: Opened) -> str:
        """Give the account in which a session signs."""
        assert isinstance(opened, Answer), opened
        caller = get_caller_identity(self.session, AccountAccess(self.access.access, self.access.region, opened.value))
        assert isinstance(caller, Answer)
        return caller.value.account_id

    @property
    def callers_asked_for(self) -> int:
        return self.control.calls("sts", "GetCallerIdentity")


@pytest.fixture(name="case", params=["aws", "aws-us-gov", "aws-cn"])
def organization_of_a_partition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    path = tmp_path_factory.mktemp("scenario") / "partition.toml"
    path.write_text(SCENARIO.format(partition=request.param), encoding="utf-8")
    with Emulator(load_scenario(path)) as emulator:
        yield Case(emulator, request.param)


def sessions_of(case: Case) -> list[Callable[[], Opened]]:
    """Give what opens sessions in the partition: China has no root user."""
    by_root = [case.open_root_session, lambda: case.open_root_session(DELETE_TASK)]
    return [case.open_role_session, *(by_root if case.partition != "aws-cn" else [])]


def test_a_session_that_tells_its_account_is_used_without_a_further_call(case: Case) -> None:
    opened = [open_session() for open_session in sessions_of(case)]
    assert case.callers_asked_for == 0
    assert {case.account_of(one) for one in opened} == {MEMBER}


@pytest.mark.parametrize("old_key_id", [False, True])
@pytest.mark.parametrize("arn_tells", [True, False])
def test_a_session_of_another_account_is_never_used(case: Case, old_key_id: bool, arn_tells: bool) -> None:
    case.control.add_fault(Rule(SessionOf(OTHER, old_key_id, arn_tells), "sts"))
    for open_session in sessions_of(case):
        refusal = open_session()
        assert isinstance(refusal, Refusal)
        assert (refusal.reason, refusal.error_code) == (UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT, None)
        assert (MEMBER in refusal.problem, OTHER in refusal.problem) == (True, True)
        assert refusal.origin.api_call in {"sts:AssumeRoot", "sts:AssumeRole"}
        assert refusal.origin.request_id


UNTELLING: list[Effect] = [
    SessionOf(MEMBER, old_key_id=True),
    Omit(("AssumedRoleUser",)),
    Omit(("AssumedRoleUser", "Arn")),
    Replace(("AssumedRoleUser", "Arn"), f"arn:aws:sts::{OTHER}:assumed-role/RootAudit/rootsweep-audit"),
]


@pytest.mark.parametrize("effect", UNTELLING)
def test_where_the_answer_does_not_tell_the_session_itself_does(case: Case, effect: Effect) -> None:
    case.control.add_fault(Rule(effect, "sts", "AssumeRole"))
    assert isinstance(opened := case.open_role_session(), Answer)
    assert case.callers_asked_for == 1
    assert case.account_of(opened) == MEMBER


def test_a_root_session_of_the_old_generation_is_used_once_it_has_told(case: Case) -> None:
    case.control.add_fault(Rule(SessionOf(MEMBER, old_key_id=True), "sts", "AssumeRoot"))
    for open_session in sessions_of(case)[1:]:
        before = case.callers_asked_for
        opened = open_session()
        assert case.callers_asked_for == before + 1
        assert case.account_of(opened) == MEMBER


UNKNOWN: list[tuple[Effect, UnavailableReason]] = [
    (Refuse("AccessDenied", "No."), UnavailableReason.ACCESS_DENIED),
    (Refuse("InternalFailure", status=500), UnavailableReason.SERVICE_FAILURE),
    (Body(b"<html>Sign in</html>", content_type="text/html"), UnavailableReason.UNUSABLE_ANSWER),
    (Replace(("Arn",), "nobody"), UnavailableReason.UNUSABLE_ANSWER),
    (Omit(("Account",)), UnavailableReason.UNUSABLE_ANSWER),
]


@pytest.mark.parametrize(("effect", "reason"), UNKNOWN)
def test_a_session_that_nothing_tells_the_account_of_is_not_used(case: Case, effect: Effect, reason: UnavailableReason) -> None:
    case.control.add_fault(Rule(SessionOf(MEMBER, old_key_id=True), "sts"))
    case.control.add_fault(Rule(effect, "sts", "GetCallerIdentity"))
    for open_session in sessions_of(case):
        refusal = open_session()
        assert isinstance(refusal, Refusal)
        assert (refusal.reason, refusal.origin.api_call) == (reason, "sts:GetCallerIdentity")


def test_a_root_session_must_be_the_root_users(case: Case) -> None:
    case.control.add_fault(Rule(SessionOf(MEMBER, old_key_id=True), "sts"))
    case.control.add_fault(
        Rule(Replace(("Arn",), f"arn:{case.partition}:iam::{MEMBER}:user/somebody"), "sts", "GetCallerIdentity")
    )
    for open_session in sessions_of(case)[1:]:
        refusal = open_session()
        assert isinstance(refusal, Refusal)
        assert refusal.reason is UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT
    assert isinstance(case.open_role_session(), Answer), "a role's session has the account alone to be in"


def test_the_partition_must_be_the_same(case: Case) -> None:
    case.control.add_fault(Rule(SessionOf(MEMBER, old_key_id=True), "sts"))
    case.control.add_fault(Rule(Replace(("Arn",), f"arn:aws-iso:iam::{MEMBER}:root"), "sts", "GetCallerIdentity"))
    for open_session in sessions_of(case):
        refusal = open_session()
        assert isinstance(refusal, Refusal)
        assert refusal.reason is UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT


def test_no_other_module_makes_credentials_of_a_session() -> None:
    package = Path(rootsweep.__file__).parent
    makers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "emulator" not in path.relative_to(package).parts and re.search(r"\bSessionCredentials\(", path.read_text("utf-8"))
    }
    assert makers == {"aws/sts.py", "cli/demo.py"}, "the demo gives its own organization's caller, not a session"
