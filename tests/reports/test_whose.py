"""The answers about access key ids in every format, and saved runs read back."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len

from rootsweep.core.evidence import Access, KeyStatus, LastUsed
from rootsweep.core.finding import KeyRow
from rootsweep.core.key_answer import AskedKey, KeyAnswer, KeyAnswers, KeyKind, KeySource, RootKey
from rootsweep.reports.contracts.audit_v1_read import read_saved_run
from rootsweep.reports.contracts.key_lookup_v1 import json_schema
from rootsweep.reports.contracts.key_lookup_v1 import write_answers as write_json
from rootsweep.reports.registry import RenderOptions, render
from rootsweep.reports.terminal.key_lookup import write_answers as write_table
from tests.json_schema import validate
from tests.key_ids import key_id_of
from tests.reports.example_runs import EVERY_KIND, EXAMPLES

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROOT, NONE, OLD, SESSION = (
    key_id_of("111122223333"),
    key_id_of("222233334444"),
    "AKIAIOSFODNN7EXAMPLE",
    key_id_of("1", 1, "ASIA"),
)
NAME = "pro\x1b[31mduction \u202e\u4e2d"
ROW = KeyRow(ROOT, None, KeyStatus.ACTIVE, NOW - timedelta(days=700), None, LastUsed(NOW, "us-east-1", "s3"))
SHARED = "ask AWS with --access root-session"
ANSWERS = KeyAnswers(
    NOW,
    "0.1.0",
    (
        KeyAnswer(
            AskedKey(ROOT, KeyKind.LONG_TERM, "111122223333"),
            "111122223333",
            NAME,
            RootKey.YES,
            "It is a root key.",
            is_conclusive=True,
            advice="delete it",
            key=ROW,
            source=KeySource("runs/\u202e.json", Access.ROOT_SESSION),
            as_of=NOW - timedelta(days=1),
        ),
        KeyAnswer(
            AskedKey(NONE, KeyKind.LONG_TERM, "222233334444"),
            "222233334444",
            None,
            RootKey.NO,
            "It is none.",
            is_conclusive=True,
            source=KeySource(None, Access.OWN),
            as_of=NOW,
        ),
        KeyAnswer(
            AskedKey(OLD, KeyKind.LONG_TERM, None), None, None, RootKey.UNKNOWN, "Old.", is_conclusive=False, advice=SHARED
        ),
        KeyAnswer(
            AskedKey(SESSION, KeyKind.TEMPORARY, "000000000001"),
            "000000000001",
            None,
            RootKey.UNKNOWN,
            "Not asked.",
            is_conclusive=True,
            advice=SHARED,
        ),
    ),
)
Write = Callable[[KeyAnswers, StringIO, RenderOptions], None]


def shown(write: Write, width: int = 120, *, colour: bool = False, unicode: bool = True) -> str:
    stream = StringIO()
    write(ANSWERS, stream, RenderOptions(width, colour, unicode))
    return stream.getvalue()


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((files("rootsweep.reports") / "rootsweep.whose-1.schema.json").read_text("utf-8"))
    return loaded


def test_the_shipped_schema_is_what_the_contract_says() -> None:
    assert schema() == json_schema()


def test_the_schema_requires_every_key_and_allows_new_ones() -> None:
    for name, entry in schema()["$defs"].items():
        assert sorted(entry["required"]) == sorted(entry["properties"]), name
        assert entry.get("additionalProperties", True) is True, name


def test_json_satisfies_the_shipped_schema_and_tells_everything() -> None:
    text = shown(write_json)
    loaded = json.loads(text)
    validate(loaded, schema())
    assert text.isascii()
    assert loaded["counts"] == {"yes": 1, "no": 1, "unknown": 2}
    assert [one["access_key_id"] for one in loaded["keys"]] == [ROOT, NONE, OLD, SESSION]
    assert loaded["keys"][0] == {
        "access_key_id": ROOT,
        "kind": "long-term",
        "account_id": "111122223333",
        "account_name": NAME,
        "root_key": "yes",
        "status": "ACTIVE",
        "created_at": "2024-12-24T12:00:00Z",
        "last_used": {"at": "2026-11-24T12:00:00Z", "region": "us-east-1", "service": "s3"},
        "last_used_status": "recorded",
        "source": {"kind": "run", "path": "runs/\u202e.json", "access": "root-session"},
        "as_of": "2026-11-23T12:00:00Z",
        "message": "It is a root key.",
        "advice": "delete it",
    }
    assert loaded["keys"][1]["source"] == {"kind": "aws", "path": None, "access": "own"}
    assert loaded["keys"][2]["source"] is loaded["keys"][2]["last_used_status"] is None


def test_the_table_tells_everything_and_each_advice_once() -> None:
    text = shown(write_table)
    for one in (*(answer.asked.id for answer in ANSWERS.answers), "account 111122223333", "account unknown", "temporary key"):
        assert one in text
    assert "ACTIVE, 700 days old, last used 2026-11-24 12:00 UTC in us-east-1 by s3" in text
    assert "by a root session, as of 2026-11-23 12:00 UTC" in text
    assert text.count(SHARED) == 1
    assert text.count("[2] below") == 2
    assert text.splitlines()[-1] == "4 ids: 1 of the root user, 1 not, 2 unknown"


@pytest.mark.parametrize("width", [1, 40, 80, 160])
def test_every_id_is_shown_whole_at_any_width_and_nothing_acts_on_the_terminal(width: int) -> None:
    text = shown(write_table, width)
    assert [answer.asked.id for answer in ANSWERS.answers if answer.asked.id not in text] == []
    assert not set(text) & {"\x1b", "\r", "\u202e"}
    assert [line for line in text.splitlines() if cell_len(line) > max(width, 40)] == []


def test_colour_is_never_the_only_sign_and_ascii_is_possible() -> None:
    coloured = shown(write_table, colour=True)
    assert "\x1b[" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == shown(write_table).splitlines()
    assert shown(write_table, unicode=False).isascii()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_run_is_read_back(name: str) -> None:
    stream = StringIO()
    render("json", EXAMPLES[name], stream, RenderOptions(80, colour=False, unicode=True))
    accounts = read_saved_run(stream.getvalue().encode(), "run.json")
    assert accounts is not None
    expected = [(one.account.id, one.account.name, one.verdict, one.keys, one.as_of) for one in EXAMPLES[name].findings]
    assert [(one.id, one.name, one.verdict, one.keys, one.as_of) for one in accounts] == expected


def saved_with(*observed_at: str | None) -> bytes:
    """Give a run whose first account was listed by root sessions at these times."""
    stream = StringIO()
    render("json", EVERY_KIND, stream, RenderOptions(80, colour=False, unicode=True))
    run = json.loads(stream.getvalue())
    (piece,) = run["accounts"][0]["evidence"]
    listing = piece | {"source": "root_access_keys", "access": "root-session"}
    run["accounts"][0]["evidence"] = [piece, *(listing | {"observed_at": at} for at in observed_at)]
    return json.dumps(run | {"new_key": [1]}).encode()


@pytest.mark.parametrize(
    ("times", "access", "listed_at"),
    [
        ([], None, None),
        (["2026-11-24T12:00:00Z"], Access.ROOT_SESSION, NOW),
        (["2026-11-24T13:30:00+02:00", "2026-11-24T12:00:00Z"], Access.ROOT_SESSION, NOW),
        ([None, "2026-11-24T12:00:00Z"], Access.ROOT_SESSION, None),
    ],
)
def test_when_the_keys_were_listed(times: list[str | None], access: Access | None, listed_at: datetime | None) -> None:
    accounts = read_saved_run(saved_with(*times), "run.json")
    assert accounts is not None
    assert (accounts[0].listed_by, accounts[0].listed_at) == (access, listed_at)


def test_a_run_of_an_earlier_version_lacks_keys_that_were_added_since() -> None:
    run = json.loads(saved_with("2026-11-24T12:00:00Z"))
    for name in ("gap", "rejected_inputs", "tool", "summary"):
        del run[name]
    for account in run["accounts"]:
        for name in ("state", "exception", "procedures", "next_step", "is_management_account"):
            account.pop(name, None)
    accounts = read_saved_run(json.dumps(run).encode(), "run.json")
    assert accounts is not None
    assert len(accounts) == len(EVERY_KIND.findings)
    assert read_saved_run(json.dumps(run | {"schema": "rootsweep.audit/2"}).encode(), "run.json") is None
