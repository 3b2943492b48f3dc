"""Every entry is read back as it was written, and what is no entry is refused."""

from dataclasses import fields
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.removal.journal import NO_PREVIOUS, EntryKind, Intent, Note, Outcome, Payload, PlanOpened, TornLine, kind_of
from rootsweep.storage.journal_lines import EntryRecord, entry_of, hash_of, line_of, may_begin_a_journal
from tests.remediation.journals import BEGUN_AT, PLAN_OPENED, intent, outcome
from tests.storage.values import values_of

DIGESTS = st.binary(max_size=9).map(hash_of)
PAYLOADS = st.one_of(
    *map(values_of, [PlanOpened, Intent, Outcome, Note]), st.builds(TornLine, length=st.integers(0, 2**63 - 1), digest=DIGESTS)
)


def test_the_kinds_of_entries_are_these_and_no_other() -> None:
    """Whoever adds a kind looks at each ``match``, at the page of the command and at what an older rootsweep makes of it."""
    assert get_args(Payload) == (PlanOpened, Intent, Outcome, TornLine, Note)
    assert [kind.value for kind in EntryKind] == ["plan_opened", "intent", "outcome", "torn_line", "note"]
    assert [record.__struct_config__.tag for record in get_args(EntryRecord)] == list(EntryKind)


def test_no_field_could_hold_a_secret() -> None:
    """Whoever adds a field asks whether a secret access key or a session token could end up in it."""
    assert {field.name for kind in get_args(Payload) for field in fields(kind)} == {
        *("plan_digest", "organization_id", "caller_arn", "tool_version", "command"),
        *("account_id", "key_id", "action", "outcome", "detail", "request_ids"),
        *("length", "digest", "text"),
    }


@given(sequence=st.integers(0, 2**63 - 1), at=values_of(datetime), previous=DIGESTS, payload=PAYLOADS)
def test_an_entry_comes_back(sequence: int, at: datetime, previous: str, payload: Payload) -> None:
    line = line_of(sequence, at, previous, payload)
    assert line.index(b"\n") == len(line) - 1
    read = entry_of(line)
    assert (read.sequence, read.at, read.previous, read.hash) == (sequence, at, previous, hash_of(line))
    assert repr(read.payload) == repr(payload)


def test_the_lines_are_the_documented_ones() -> None:
    """Whoever changes these lines makes journals unreadable that somebody keeps as evidence."""
    head = f'"sequence":0,"at":"2026-11-24T08:30:15.123456Z","previous":"{NO_PREVIOUS}",'
    plan = f'"plan_digest":"{PLAN_OPENED.plan_digest}",'
    lines: dict[Payload, str] = {
        PLAN_OPENED: '{"kind":"plan_opened",' + head + plan + '"organization_id":"o-exampleorgid",'
        '"caller_arn":"arn:aws:sts::111122223333:assumed-role/Remover/someone","tool_version":"0.4.0","command":"apply"}\n',
        intent(1): '{"kind":"intent",' + head + plan + '"account_id":"000000000001","key_id":"AKIAIOSFODNN7EXAMPLE",'
        '"action":"delete_access_key"}\n',
        outcome(1): '{"kind":"outcome",' + head + plan + '"account_id":"000000000001","key_id":"AKIAIOSFODNN7EXAMPLE",'
        '"action":"delete_access_key","outcome":"deleted","detail":null,"request_ids":["6d8a8a2c-0000-4000-8000-0000000000ab"]}\n',
        TornLine(3, NO_PREVIOUS): '{"kind":"torn_line",' + head + f'"length":3,"digest":"{NO_PREVIOUS}"}}\n',
        Note("Ä"): '{"kind":"note",' + head + '"text":"Ä"}\n',
    }
    for payload, line in lines.items():
        assert line_of(0, BEGUN_AT, NO_PREVIOUS, payload).decode() == line
    assert {kind_of(payload) for payload in lines} == set(EntryKind)


def test_a_time_is_written_in_utc() -> None:
    elsewhere = BEGUN_AT.astimezone(timezone(timedelta(hours=9)))
    assert line_of(0, elsewhere, NO_PREVIOUS, Note("")) == line_of(0, BEGUN_AT, NO_PREVIOUS, Note(""))


@pytest.mark.parametrize(
    ("at", "payload"),
    [
        (BEGUN_AT.replace(tzinfo=None), Note("no time zone")),
        (BEGUN_AT, Note("half a pair: \ud83d")),
        (BEGUN_AT, TornLine(-1, NO_PREVIOUS)),
        (BEGUN_AT, TornLine(1, "no digest")),
    ],
)
def test_what_could_not_be_read_again_is_refused_before_it_is_written(at: datetime, payload: Payload) -> None:
    with pytest.raises(ValueError, match=r"."):
        line_of(0, at, NO_PREVIOUS, payload)


LINE = line_of(7, BEGUN_AT, hash_of(b""), outcome(1))


@pytest.mark.parametrize(
    "changed",
    [
        LINE.replace(b'"detail":null,', b""),
        LINE.replace(b'"kind":"outcome"', b'"kind":"supposed"'),
        LINE.replace(b'"kind":"outcome",', b""),
        LINE.replace(b'"detail"', b'"details"'),
        LINE.replace(b'"sequence":7', b'"sequence":-7'),
        LINE.replace(b'"sequence":7', b'"sequence":"7"'),
        LINE.replace(b"56Z", b"56"),
        LINE.replace(b"56Z", b"56+09:00"),
        LINE.replace(b"2026-11-24T08:30:15.123456Z", b"0001-01-01T00:00:00+09:00"),
        LINE.replace(hash_of(b"").encode(), hash_of(b"").encode().upper()),
        LINE.replace(b"null", b"[" * 100_000),
        LINE + LINE,
        b"[" * 100_000 + b"\n",
        b"\0" * 100 + b"\n",
        b"\n",
    ],
    ids=range(15),
)
def test_a_line_that_is_no_entry_is_refused(changed: bytes) -> None:
    assert changed != LINE
    with pytest.raises(ValueError, match=r"."):
        entry_of(changed)


@given(st.binary())
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        entry_of(line)


@given(payload=PAYLOADS, at=values_of(datetime), data=st.data())
def test_a_first_line_may_be_cut_off_anywhere(payload: Payload, at: datetime, data: st.DataObject) -> None:
    line = line_of(0, at, NO_PREVIOUS, payload)
    assert may_begin_a_journal(line[: data.draw(st.integers(1, len(line)))])


@pytest.mark.parametrize(
    "other", [b"hello", b"[", b'{"k8s', b'{"kind":"Pod","spec":{}}', b'{"kind":"intent","sequence":1', b"\0"]
)
def test_other_files_do_not_begin_as_a_journal_does(other: bytes) -> None:
    assert not may_begin_a_journal(other)


def test_a_field_takes_what_the_model_allows_and_nothing_else() -> None:
    wrong: Any = "everything"
    opened = PlanOpened("", None, "", "", wrong)
    with pytest.raises(ValueError, match="everything"):
        line_of(0, BEGUN_AT, NO_PREVIOUS, opened)
