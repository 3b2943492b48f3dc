"""The recorded runs in every view: whole outputs as golden files, and what must hold for all of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.evidence import KeyStatus, LastUsed
from rootsweep.core.history.drift import compare
from rootsweep.core.history.recorded import Change, ChangeReason, DriftCounts, EarlierVerdict, Sighting
from rootsweep.core.history.timeline import tell_life
from rootsweep.reports.contracts import history_v1
from rootsweep.reports.contracts.history_v1 import json_schema
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal import history
from tests.json_schema import validate
from tests.reports.shown import TextFile
from tests.storage.history.values import (
    BEGIN,
    COMPLIANT,
    CREATED,
    DAY,
    KEY,
    NON_COMPLIANT,
    NOT_APPLICABLE,
    OTHER,
    UNIT,
    UNJUDGED,
    A,
    account,
    key,
    run,
)

NAME = "pro\x1b[31mduction \u202e\u4e2d"
IDS = [f"{number:012}" for number in range(12)]
SLOT = key(slot=2, rotated=CREATED, last_use=LastUsed(BEGIN, "eu-west-1", "s3"))
BEFORE = run(
    account(IDS[0], COMPLIANT, name=NAME),
    account(IDS[1], NON_COMPLIANT, KEY),
    account(IDS[2], NON_COMPLIANT, SLOT),
    account(IDS[3], NON_COMPLIANT, KEY, excepted=True),
    account(IDS[4], NON_COMPLIANT, replace(KEY, status=KeyStatus.INACTIVE)),
    account(IDS[5], COMPLIANT),
    account(IDS[6], COMPLIANT),
    account(IDS[7], NON_COMPLIANT, KEY),
    account(IDS[8], NOT_APPLICABLE),
    account(IDS[9], UNJUDGED),
    account(IDS[10], NON_COMPLIANT, KEY),
    number=6,
)
NOW = run(
    account(IDS[0], NON_COMPLIANT, KEY, name=NAME),
    account(IDS[1], NON_COMPLIANT, KEY, OTHER),
    account(IDS[2], COMPLIANT),
    account(IDS[3], NON_COMPLIANT, KEY),
    account(IDS[4], NON_COMPLIANT, KEY),
    account(IDS[5], UNJUDGED),
    account(IDS[7], NOT_APPLICABLE),
    account(IDS[8], NON_COMPLIANT, KEY),
    account(IDS[9], NON_COMPLIANT, KEY, excepted=True),
    account(IDS[10], NON_COMPLIANT, KEY),
    account(IDS[11], NON_COMPLIANT),
    day=1,
    number=7,
)
DRIFT = compare(BEFORE, NOW, {IDS[0]: [EarlierVerdict(1, NON_COMPLIANT), EarlierVerdict(4, COMPLIANT)]})
RUNS = (
    replace(NOW.record, drift=DRIFT.counts()),
    replace(BEFORE.record, complete=False, incomplete_because="interrupted \x1b[1m", drift=DriftCounts()),
    replace(run(scope=UNIT, day=-1, number=5).record, drift=DriftCounts(1, 1, 2, 3)),
)
LIFE = tell_life(
    A,
    [
        Sighting(seen, run(seen, day=first, number=first).record, run(seen, day=last, number=last).record)
        for seen, first, last in (
            (account(A, NON_COMPLIANT, KEY, name="production"), 1, 3),
            (account(A, NON_COMPLIANT, replace(KEY, status=KeyStatus.INACTIVE), name=NAME), 4, 5),
            (account(A, COMPLIANT, name=NAME), 6, 6),
            (account(A, NON_COMPLIANT, replace(SLOT, last_rotated_at=BEGIN + 6 * DAY), name=NAME), 7, 9),
        )
    ],
)
Write = Callable[[StringIO, RenderOptions], None]
TABLES: dict[str, Write] = {
    "list": lambda stream, options: history.write_runs(RUNS, stream, options),
    "diff": lambda stream, options: history.write_drift(DRIFT, stream, options),
    "diff-of-one": lambda stream, options: history.write_drift(compare(None, NOW), stream, options),
    "show": lambda stream, options: history.write_life(LIFE, stream, options),
}
DOCUMENTS: dict[str, Write] = {
    "list": lambda stream, options: history_v1.write_runs(RUNS, stream, options),
    "diff": lambda stream, options: history_v1.write_drift(DRIFT, stream, options),
    "diff-of-one": lambda stream, options: history_v1.write_drift(compare(None, NOW), stream, options),
    "show": lambda stream, options: history_v1.write_life(LIFE, stream, options),
}


def shown(write: Write, width: int = 120, *, colour: bool = False, unicode: bool = True) -> str:
    stream = StringIO()
    write(stream, RenderOptions(width, colour, unicode))
    return stream.getvalue()


def test_the_example_has_every_change() -> None:
    assert {one.change for one in DRIFT.changes} == set(Change)
    assert {one.reason for one in DRIFT.changes} == set(ChangeReason) - {ChangeReason.RUN_INCOMPLETE}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", TABLES)
def test_table(name: str, width: int, snapshot: SnapshotAssertion) -> None:
    assert shown(TABLES[name], width) == snapshot(extension_class=TextFile)


@pytest.mark.parametrize("width", [40, 60, 79])
def test_a_narrow_terminal_loses_no_column(width: int) -> None:
    text = shown(TABLES["list"], width)
    columns = ("run", "finished (UTC)", "proven", "non-compliant", "new", "fixed", "lost sight of")
    assert {column: text.count(f"\n  {column} ") for column in columns} == dict.fromkeys(columns, text.count("finished (UTC)"))
    assert all(word in text for word in ("excepted", "incomplete") if word in shown(TABLES["list"], 120))


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_never_wider_than_asked(name: str, width: int) -> None:
    assert [line for line in shown(TABLES[name], width).splitlines() if cell_len(line) > width] == []


@pytest.mark.parametrize("write", [*TABLES.values(), *DOCUMENTS.values()])
def test_no_name_acts_on_the_terminal(write: Write) -> None:
    assert not set(shown(write)) & {"\x1b", "\r", "\u202e"}
    assert shown(write, unicode=False).isascii()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_follows_the_schema(name: str) -> None:
    document = json.loads(shown(DOCUMENTS[name]))
    validate(document, json_schema())


def schema() -> dict[str, Any]:
    text = (files("rootsweep.reports") / "rootsweep.history-1.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_the_shipped_schema_is_what_the_contract_says() -> None:
    assert schema() == json_schema()
    for name, entry in schema()["$defs"].items():
        assert sorted(entry["required"]) == sorted(entry["properties"]), name


def test_colour_is_never_the_only_sign() -> None:
    for write in TABLES.values():
        assert "\x1b[" in shown(write, colour=True)
