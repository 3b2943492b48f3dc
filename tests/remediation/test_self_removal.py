"""The executor of self-removal over real HTTP: what is no longer as it was decided on stops everything, and is left alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rootsweep.core.answer import Answer
from rootsweep.core.evidence import Access, AccessKey, KeyStatus
from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.core.removal.self_removal import Change, Step, digest_for
from rootsweep.remediation.on_aws.root_keys import OwnRootUser
from rootsweep.remediation.self_removal import SelfRemoval, settle_unknown_key
from rootsweep.storage.journal import Journal
from rootsweep_emulator import Emulator, Replace, Rule
from tests.live import access_of, open_emulated
from tests.remediation.journals import ticking

NAME = "caller-is-root"


class Case:
    """The root user of an account calls with one key and has another, which is inactive."""

    def __init__(self, emulator: Emulator, journal: Journal) -> None:
        self.control = emulator.control
        self.account_id = emulator.world.account(NAME).id
        self.journal = journal
        self.user = OwnRootUser(open_emulated(emulator), access_of(emulator, NAME, Access.ROOT), self.account_id)
        self.removal = SelfRemoval.of(self.account_id, self.user, journal, lambda: iter(()))
        self.control.create_root_key(NAME, age=1000.0, status="Inactive")
        self.own, self.other = self.keys()

    def keys(self) -> tuple[AccessKey, ...]:
        listed = self.user.list_keys()
        assert isinstance(listed, Answer)
        return listed.value

    def run(self, *steps: Step) -> list[Result[Step]]:
        return list(self.removal.run(steps, {self.own.id, self.other.id}))

    @property
    def written(self) -> list[str]:
        """Name what was journaled: the actions of intents, the outcomes of outcomes."""
        payloads = [entry.payload for entry in self.journal.entries()]
        return [one.action if isinstance(one, Intent) else one.outcome for one in payloads if isinstance(one, Intent | Outcome)]

    def begin(self, change: Change) -> None:
        """Journal an intent as an interrupted run leaves it."""
        self.journal.append(Intent(digest_for(self.account_id), self.account_id, self.other.id, change.value))


@pytest.fixture(name="case")
def root_with_two_keys(demo: Emulator, tmp_path: Path) -> Iterator[Case]:
    with Journal.open(tmp_path / "journal.jsonl", ticking()) as journal:
        yield Case(demo, journal)


def test_a_key_that_calls_stays_while_another_exists(case: Case) -> None:
    reactivated, failed = case.run(Step(Change.REACTIVATE, case.other), Step(Change.DELETE, case.own, is_own=True))
    assert (reactivated.code, failed.code) == (ResultCode.REACTIVATED, ResultCode.PRECONDITION_FAILED)
    assert "another key still exists" in failed.detail
    assert reactivated.request_ids
    assert case.written == ["reactivate_key", "reactivated"]


def becomes_active(case: Case) -> None:
    case.control.set_root_key_status(NAME, case.other.id, "Active")


def is_another_of_the_same_id(case: Case) -> None:
    case.other = AccessKey(case.other.id, case.other.status, datetime(2020, 1, 1, tzinfo=UTC))


def is_replaced(case: Case) -> None:
    case.control.delete_root_key(NAME, case.other.id)
    case.control.create_root_key(NAME)


@pytest.mark.parametrize("change", [becomes_active, is_another_of_the_same_id, is_replaced])
def test_what_has_changed_is_left_alone_and_stops_what_follows(case: Case, change: Callable[[Case], None]) -> None:
    change(case)
    before = case.control.root_keys(NAME)
    results = case.run(Step(Change.DELETE, case.other), Step(Change.DELETE, case.own, is_own=True))
    assert [one.code for one in results] == [ResultCode.PRECONDITION_FAILED, ResultCode.NOT_ATTEMPTED]
    assert (case.control.root_keys(NAME), case.written) == (before, [])


def test_a_key_that_is_gone_needs_no_deletion_and_cannot_be_reactivated(case: Case) -> None:
    case.control.delete_root_key(NAME, case.other.id)
    (gone,) = case.run(Step(Change.DELETE, case.other))
    (failed,) = case.run(Step(Change.REACTIVATE, case.other))
    assert (gone.code, failed.code) == (ResultCode.ALREADY_GONE, ResultCode.PRECONDITION_FAILED)
    assert case.control.calls("iam", "DeleteAccessKey") == 0


def test_what_was_interrupted_is_settled_where_it_shows(case: Case) -> None:
    case.begin(Change.DEACTIVATE)
    case.removal.settle(case.keys())
    assert case.written == ["deactivate_key", "deactivated"]


def test_what_was_interrupted_stays_open_where_it_does_not_show(case: Case) -> None:
    case.begin(Change.DELETE)
    case.begin(Change.REACTIVATE)
    case.removal.settle(case.keys())
    assert case.written == ["delete_key", "reactivate_key"]
    assert case.other.status is KeyStatus.INACTIVE


def test_an_interrupted_change_of_a_key_that_is_gone_is_settled(case: Case) -> None:
    case.begin(Change.DELETE)
    case.begin(Change.DEACTIVATE)
    case.control.delete_root_key(NAME, case.other.id)
    case.removal.settle(case.keys())
    assert case.written == ["delete_key", "deactivate_key", "deleted", "already_gone"]


EMPTY = Rule(Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys", times=1)


@pytest.mark.parametrize("change", [Change.DELETE, Change.DEACTIVATE])
def test_one_list_without_the_key_settles_nothing(case: Case, change: Change) -> None:
    case.begin(change)
    case.control.add_fault(EMPTY)
    case.removal.settle(case.keys())
    assert case.written == [change.value]


def test_lists_without_the_key_do_not_outweigh_the_summary(case: Case) -> None:
    case.begin(Change.DELETE)
    case.control.add_fault(replace(EMPTY, times=None))
    case.removal.settle(case.keys())
    assert case.written == ["delete_key"]
    (result,) = case.run(Step(Change.DELETE, case.other))
    assert result.code is ResultCode.NOT_VERIFIED


def test_a_key_that_one_list_leaves_out_is_not_gone(case: Case) -> None:
    case.control.add_fault(EMPTY)
    result, after = case.run(Step(Change.DELETE, case.other), Step(Change.DELETE, case.own, is_own=True))
    assert (result.code, after.code) == (ResultCode.NOT_CHANGED, ResultCode.NOT_ATTEMPTED)
    assert "shows it in another" in result.detail
    assert len(case.keys()) == 2


def test_of_a_key_that_is_unknown_is_told_what_can_be_told_once(case: Case) -> None:
    assert settle_unknown_key(case.journal, case.other.id) is None
    case.begin(Change.DEACTIVATE)
    assert settle_unknown_key(case.journal, case.other.id) is None
    case.begin(Change.DELETE)
    assert settle_unknown_key(case.journal, case.own.id) is None
    for _ in range(2):
        assert settle_unknown_key(case.journal, case.other.id) == case.account_id
        assert case.written == ["deactivate_key", "delete_key", "not_verified"]
