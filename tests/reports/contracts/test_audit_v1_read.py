"""A saved run read back as a run: what is planned from it is what would have been planned from the run itself."""

import json
from datetime import timedelta
from io import StringIO

import pytest

from rootsweep.core.evidence import Access, AccessKey, KeyStatus, NoLastUse, Observed, Origin, RootAccessKeys
from rootsweep.core.removal.plan import Guards
from rootsweep.core.removal.planning import make_plan
from rootsweep.core.run import Run
from rootsweep.reports.contracts.audit_v1_read import read_run
from rootsweep.reports.registry import RenderOptions, render
from tests.reports.example_runs import CREATED, EXAMPLES, NOW, finding, run

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", KeyStatus.ACTIVE, CREATED, NoLastUse.NEVER_RECORDED)
LISTED = Observed(RootAccessKeys((KEY,)), Origin(Access.ROOT_SESSION, NOW, "iam:ListAccessKeys", "0a1b"))
RUNS = {**EXAMPLES, "listed": run(finding("111122223333", LISTED), finding("222233334444", LISTED))}


def saved(made: Run, encoding: str = "utf-8") -> bytes:
    stream = StringIO()
    render("json", made, stream, RenderOptions(80, colour=False, unicode=True))
    return stream.getvalue().encode(encoding)


def shown(made: Run, name: str) -> str:
    stream = StringIO()
    render(name, made, stream, RenderOptions(80, colour=False, unicode=True))
    return stream.getvalue()


@pytest.mark.parametrize("made", RUNS.values(), ids=RUNS)
def test_a_run_comes_back_as_it_was_shown(made: Run) -> None:
    read = read_run(saved(made))
    assert read is not None
    assert shown(read, "json") == shown(made, "json")
    assert shown(read, "table") == shown(made, "table")


@pytest.mark.parametrize("made", RUNS.values(), ids=RUNS)
def test_the_plan_of_a_saved_run_is_the_plan_of_the_run(made: Run) -> None:
    read = read_run(saved(made))
    assert read is not None
    later = NOW + timedelta(hours=1)
    assert make_plan(read, Guards(), later) == make_plan(made, Guards(), later)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_run_that_a_shell_saved_in_another_encoding_is_read(encoding: str) -> None:
    assert read_run(saved(RUNS["listed"], encoding)) is not None


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 100000, b'{"schema": "rootsweep.plan/1"}'])
def test_what_is_no_run_is_none(content: bytes) -> None:
    assert read_run(content) is None


def test_a_run_that_was_saved_before_denials_were_added_is_read() -> None:
    document = json.loads(saved(EXAMPLES["organization"]))
    pieces = [piece for account in document["accounts"] for piece in account["evidence"]]
    assert pieces
    for piece in pieces:
        del piece["denial"]
    read = read_run(json.dumps(document).encode())
    assert read is not None
    assert [finding.verdict for finding in read.findings] == [one.verdict for one in EXAMPLES["organization"].findings]


def test_a_run_that_was_saved_before_left_out_was_added_is_read() -> None:
    document = json.loads(saved(RUNS["left-out"]))
    del document["left_out"]
    read = read_run(json.dumps(document).encode())
    assert read is not None
    assert read.left_out == ()


def test_a_reason_that_is_not_known_makes_the_run_unreadable() -> None:
    assert read_run(saved(EXAMPLES["every-kind"]).replace(b'"access_denied"', b'"moon_in_the_way"')) is None
