"""A checkpoint is begun, added to, continued, finished or kept; and no run is ever mixed with another."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep.core.evidence import Evidence
from rootsweep.core.organization import Account
from rootsweep.errors import OutputError, UsageError
from rootsweep.storage.checkpoint import Checkpoint
from rootsweep.storage.checkpoint_lines import line_of_account, line_of_run
from rootsweep.storage.run_identity import RunIdentity
from tests.storage.values import IDENTITY, STARTED_AT, account, evidence

Finished = list[tuple[Account, tuple[Evidence, ...]]]

HEADER = line_of_run(IDENTITY, STARTED_AT)
SECOND = line_of_account(account(2), evidence(2)).partition(b"\t")[0]
LINES = [line_of_account(account(number), evidence(number)) for number in (1, 2, 3)]


def finished(*numbers: int) -> Finished:
    return [(account(number), evidence(number)) for number in numbers]


def resume(path: Path) -> tuple[Checkpoint, datetime, Iterator[tuple[Account, tuple[Evidence, ...]]]]:
    resumed = Checkpoint.resume(path, IDENTITY)
    assert resumed is not None
    return resumed


def read(path: Path) -> tuple[datetime, Finished]:
    checkpoint, started_at, accounts = resume(path)
    try:
        return started_at, list(accounts)
    finally:
        checkpoint.close()


def refusal(path: Path, identity: RunIdentity = IDENTITY) -> UsageError:
    with pytest.raises(UsageError) as refused:
        Checkpoint.resume(path, identity)
    assert str(path) in str(refused.value)
    assert refused.value.advice
    return refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "run.jsonl"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Give the checkpoint of an interrupted run with three accounts."""
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(b"".join([HEADER, *LINES]))
    return kept


def test_a_run_is_continued_from_where_it_was(path: Path) -> None:
    first = Checkpoint.begin(path, IDENTITY, STARTED_AT)
    first.add(account(1), evidence(1))
    first.add(account(2), ())
    first.close()
    second, started_at, accounts = resume(path)
    assert started_at == STARTED_AT
    assert list(accounts) == [(account(1), evidence(1)), (account(2), ())]
    second.add(account(3), evidence(3))
    second.close()
    assert read(path) == (STARTED_AT, [(account(1), evidence(1)), (account(2), ()), (account(3), evidence(3))])


def test_accounts_may_be_added_while_the_finished_ones_are_read(kept: Path) -> None:
    checkpoint, _, accounts = resume(kept)
    read_so_far = [next(accounts)]
    checkpoint.add(account(4), evidence(4))
    assert [*read_so_far, *accounts] == finished(1, 2, 3)
    checkpoint.close()
    assert read(kept) == (STARTED_AT, finished(1, 2, 3, 4))


def test_a_finished_run_leaves_nothing_and_another_may_begin(path: Path) -> None:
    checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
    checkpoint.add(account(1), evidence(1))
    checkpoint.finish()
    checkpoint.close()
    assert list(path.parent.iterdir()) == []
    Checkpoint.begin(path, IDENTITY, STARTED_AT).finish()


def test_a_run_whose_checkpoint_was_deleted_ends_all_the_same(path: Path) -> None:
    checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
    path.unlink()
    checkpoint.add(account(1), evidence(1))
    checkpoint.finish()


def test_closing_twice_is_closing_once(path: Path) -> None:
    checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
    checkpoint.close()
    checkpoint.close()
    assert read(path) == (STARTED_AT, [])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_may_read_it(path: Path) -> None:
    Checkpoint.begin(path, IDENTITY, STARTED_AT).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_unfinished_run_is_never_begun_anew(kept: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(UsageError, match="an unfinished run is kept in") as refused:
        Checkpoint.begin(kept, IDENTITY, STARTED_AT)
    assert refused.value.advice == "resume it with --resume, or delete the file to start again"
    assert kept.read_bytes() == before


def test_a_crash_before_the_first_line_is_no_unfinished_run(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    Checkpoint.begin(path, IDENTITY, STARTED_AT).close()
    assert read(path) == (STARTED_AT, [])


def test_a_line_that_was_cut_off_is_dropped_wherever_it_was_cut(kept: Path) -> None:
    for kept_bytes in range(len(LINES[2])):
        kept.write_bytes(b"".join([HEADER, *LINES[:2]]) + LINES[2][:kept_bytes])
        checkpoint, started_at, accounts = resume(kept)
        assert kept.read_bytes() == b"".join([HEADER, *LINES[:2]])
        assert (started_at, list(accounts)) == (STARTED_AT, finished(1, 2))
        checkpoint.add(account(3), evidence(3))
        checkpoint.close()
        assert kept.read_bytes() == b"".join([HEADER, *LINES])


def test_a_first_line_that_was_cut_off_is_no_checkpoint(kept: Path) -> None:
    for kept_bytes in range(1, len(HEADER)):
        kept.write_bytes(HEADER[:kept_bytes])
        assert "is not a checkpoint" in str(refusal(kept))


def test_a_long_file_is_cut_at_its_last_line(kept: Path) -> None:
    numbers = range(1, 2000)
    lines = [line_of_account(account(number), evidence(number)) for number in numbers]
    kept.write_bytes(b"".join([HEADER, *lines]) + b"x" * (3 << 20))
    assert read(kept) == (STARTED_AT, finished(*numbers))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{}",
        b"\xff",
        b"\0" * 100,
        LINES[1][:-2],
        HEADER[:-1],
        SECOND.replace(b"16.123456Z", b"16.123456").replace(b"17.123456Z", b"17.123456"),
        SECOND.replace(b"access_denied", b"access_allowed"),
        SECOND.replace(b'"kind":"unavailable"', b'"kind":"supposed"'),
        SECOND.replace(b'"partition"', b'"partitions"'),
    ],
)
def test_an_account_of_a_damaged_line_is_left_to_be_read_again(kept: Path, damaged: bytes) -> None:
    kept.write_bytes(b"".join([HEADER, LINES[0], damaged, b"\n", LINES[2]]))
    checkpoint, _, accounts = resume(kept)
    assert list(accounts) == finished(1, 3)
    assert checkpoint.damaged == 1
    checkpoint.close()


def test_a_line_of_an_earlier_version_has_no_checksum(kept: Path) -> None:
    kept.write_bytes(b"".join([HEADER, SECOND, b"\n"]))
    assert read(kept) == (STARTED_AT, finished(2))


def test_no_changed_bit_credits_evidence_to_another_account(kept: Path) -> None:
    for position in range(len(LINES[1]) - 1):
        changed = bytearray(LINES[1])
        changed[position] ^= 1 << position % 8
        kept.write_bytes(HEADER + bytes(changed))
        assert read(kept)[1] in ([], finished(2)), position


def test_an_account_that_comes_twice_is_an_error(kept: Path) -> None:
    kept.write_bytes(b"".join([HEADER, *LINES, LINES[0]]))
    checkpoint, _, accounts = resume(kept)
    assert [next(accounts), next(accounts), next(accounts)] == finished(1, 2, 3)
    with pytest.raises(UsageError, match=r"holds account 000000000001 twice, again in line 5"):
        next(accounts)
    checkpoint.close()


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (replace(IDENTITY, scope="one unit"), "its scope or options were others"),
        (replace(IDENTITY, organization_id="o-another"), "it is of organization o-exampleorgid, not o-another"),
        (replace(IDENTITY, organization_id=None), "it is of organization o-exampleorgid, not (none)"),
        (replace(IDENTITY, caller_account_id="444455556666"), "account 111122223333 was the caller, not 444455556666"),
        (
            RunIdentity("one unit", "o-another", IDENTITY.caller_account_id),
            "it is of organization o-exampleorgid, not o-another; its scope or options were others",
        ),
    ],
)
def test_a_run_of_another_identity_is_refused_and_left_alone(kept: Path, other: RunIdentity, named: str) -> None:
    kept.write_bytes(kept.read_bytes() + b'{"cut off')
    before = kept.read_bytes()
    assert str(refusal(kept, other)).endswith(f" keeps another run: {named}")
    assert kept.read_bytes() == before


def test_another_version_of_the_format_is_refused(kept: Path) -> None:
    kept.write_bytes(b'{"format":"rootsweep.checkpoint/2","compressed":true}\n')
    assert "another version of rootsweep: its format is rootsweep.checkpoint/2" in str(refusal(kept))


def test_a_first_line_of_this_format_that_lacks_a_field_is_damaged(kept: Path) -> None:
    kept.write_bytes(b'{"format":"rootsweep.checkpoint/1"}\n')
    assert "is damaged in line 1" in str(refusal(kept))


@given(content=st.binary(min_size=1) | st.binary().map(lambda content: content + b"\n"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_anything_else_is_no_checkpoint_and_left_alone(kept: Path, content: bytes) -> None:
    kept.write_bytes(content)
    refused = refusal(kept)
    assert "is not a checkpoint" in str(refused)
    assert "delete" not in refused.advice
    assert kept.read_bytes() == content


def test_a_first_line_that_nests_without_end_is_no_checkpoint(kept: Path) -> None:
    kept.write_bytes(b'{"x":' + b"[" * 100_000 + b"\n")
    assert "is not a checkpoint" in str(refusal(kept))


def test_there_is_nothing_to_continue(path: Path) -> None:
    assert Checkpoint.resume(path, IDENTITY) is None
    assert not path.parent.exists()
    path.parent.mkdir()
    path.touch()
    assert Checkpoint.resume(path, IDENTITY) is None


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for unwritable in (tmp_path, tmp_path / "file" / "run.jsonl"):
        with pytest.raises(OutputError, match="cannot keep the progress of the run in") as failed:
            Checkpoint.begin(unwritable, IDENTITY, STARTED_AT)
        assert failed.value.advice
    with pytest.raises(OutputError):
        Checkpoint.resume(tmp_path, IDENTITY)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_device_is_no_checkpoint() -> None:
    with pytest.raises(UsageError, match="/dev/full is not a file"):
        Checkpoint.begin(Path("/dev/full"), IDENTITY, STARTED_AT)
    assert Path("/dev/full").is_char_device()


def test_a_name_that_json_cannot_carry_is_asked_again(path: Path) -> None:
    checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
    checkpoint.add(replace(account(1), name="half a pair: \ud83d"), evidence(1))
    checkpoint.add(account(2), evidence(2))
    checkpoint.close()
    assert read(path) == (STARTED_AT, finished(2))


def test_one_process_cannot_open_it_twice(path: Path) -> None:
    checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
    with pytest.raises(UsageError, match="another rootsweep is writing"):
        Checkpoint.begin(path, IDENTITY, STARTED_AT)
    assert "another rootsweep is writing" in str(refusal(path))
    checkpoint.close()
