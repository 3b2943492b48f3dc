"""Every format on every kind of run: whole outputs as golden files, and what must hold for all of them."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from itertools import product
from typing import Any

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.evidence import Access, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.run import LeftOut, Run
from rootsweep.reports.contracts.audit_v1 import json_schema
from rootsweep.reports.contracts.audit_v1_read import read_run
from rootsweep.reports.registry import FORMATS, Presentation, RenderOptions
from tests.json_schema import validate
from tests.reports.example_runs import CLEAN, EVERY_KIND, EXAMPLES, MANY, NAMES, UNREAD_ACCOUNTS, finding, run
from tests.reports.shown import OPTIONS, TextFile, shown

CUT_WHEN_LONG = {"markdown"}
"""The formats that count the accounts which do not fit; their own tests prove that the counts add up."""

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((files("rootsweep.reports") / "rootsweep.audit-1.schema.json").read_text("utf-8"))
    return loaded


def looks(options: RenderOptions) -> str:
    return f"{options.width}{'-colour' if options.colour else ''}"


@pytest.mark.parametrize("options", OPTIONS, ids=looks)
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "many"])
def test_table(name: str, options: RenderOptions, snapshot: SnapshotAssertion) -> None:
    assert shown("table", EXAMPLES[name], options) == snapshot(extension_class=TextFile)


def test_table_of_many_accounts(snapshot: SnapshotAssertion) -> None:
    assert shown("table", MANY, OPTIONS[0]) == snapshot(extension_class=TextFile)


@pytest.mark.parametrize("name", ["every-kind", "empty"])
def test_json(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("json", EXAMPLES[name], OPTIONS[0]) == snapshot(extension_class=TextFile)


@pytest.mark.parametrize("name", EXAMPLES)
def test_json_satisfies_the_shipped_schema(name: str) -> None:
    audit = json.loads(shown("json", EXAMPLES[name], OPTIONS[0]))
    validate(audit, schema())
    assert audit["summary"]["accounts"] == len(audit["accounts"])


def test_the_shipped_schema_is_what_the_contract_says() -> None:
    assert schema() == json_schema()


def test_the_schema_requires_every_key_and_allows_new_ones() -> None:
    for name, entry in schema()["$defs"].items():
        assert sorted(entry["required"]) == sorted(entry["properties"]), name
        assert entry.get("additionalProperties", True) is True, name


def test_json_times_are_utc_with_a_z() -> None:
    account = json.loads(shown("json", EVERY_KIND, OPTIONS[0]))["accounts"][1]
    assert account["as_of"] == "2026-11-21T12:00:00Z"
    assert account["keys"][0]["last_rotated_at"] == "2021-05-17T14:03:27Z"


@pytest.mark.parametrize(
    ("name", "run", "width"),
    [
        *product(sorted(FORMATS.keys() - CUT_WHEN_LONG), EXAMPLES.values(), [80]),
        *product(["table"], EXAMPLES.values(), [1, 40, 160]),
    ],
)
def test_every_format_shows_every_account(name: str, run: Run, width: int) -> None:
    text = shown(name, run, RenderOptions(width=width, colour=False, unicode=True))
    assert all(finding.account.id in text for finding in run.findings)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_warns_of_left_out_evidence_that_shows_a_key(name: str) -> None:
    text = " ".join(shown(name, EXAMPLES["left-out"], RenderOptions(width=400, colour=False, unicode=True)).split())
    assert re.search(r"Evidence that was left out shows a root access key of account \W?777788889999", text)
    assert name in {"csv", "asff"} or "evidence/444455556666.csv" in text
    quiet = replace(EXAMPLES["left-out"], left_out=EXAMPLES["left-out"].left_out[:1])
    assert "Evidence that was left out" not in shown(name, quiet, OPTIONS[0])


@pytest.mark.parametrize("name", ["table", "html", "markdown", "json", "junit"])
def test_the_warning_stands_before_the_accounts(name: str) -> None:
    text = shown(name, EXAMPLES["left-out"], RenderOptions(width=400, colour=False, unicode=True))
    assert text.index("Evidence that was left out") < text.index("111122223333")


def test_a_table_without_accounts_warns_too() -> None:
    options = RenderOptions(80, colour=False, unicode=True, presentation=Presentation(summary_only=True))
    assert shown("table", EXAMPLES["left-out"], options).startswith("WARNING Evidence that was left out")


def test_a_table_shows_the_left_out_files_that_show_a_key_first_and_counts_the_rest() -> None:
    clean = [LeftOut(f"{number}.json", "444455556666", Source.ACCOUNT_SUMMARY, shows_key=False) for number in range(40)]
    last = LeftOut("last.json", "777788889999", Source.ACCOUNT_SUMMARY, shows_key=True)
    text = shown("table", replace(CLEAN, left_out=(*clean, last)), OPTIONS[0])
    assert "last.json" in text
    assert "and 21 more files" in text


@pytest.mark.parametrize(("name", "example"), list(product(FORMATS, EXAMPLES)))
def test_every_format_shows_a_saved_run_as_it_was(name: str, example: str) -> None:
    saved = read_run(shown("json", EXAMPLES[example], OPTIONS[0]).encode())
    assert saved is not None
    assert shown(name, saved, OPTIONS[0]) == shown(name, EXAMPLES[example], OPTIONS[0])


@pytest.mark.parametrize(("name", "run"), list(product(FORMATS, EXAMPLES.values())))
def test_no_format_lets_a_name_act_on_the_terminal(name: str, run: Run) -> None:
    assert not set(shown(name, run, OPTIONS[0])) & {"\x1b", "\r", "\u202e"}


@pytest.mark.parametrize("run", EXAMPLES.values())
def test_a_table_is_never_wider_than_asked(run: Run) -> None:
    for options in OPTIONS:
        text = ESCAPE.sub("", shown("table", run, options))
        assert [line for line in text.splitlines() if cell_len(line) > options.width] == []


def test_a_table_for_ascii_holds_nothing_else() -> None:
    assert shown("table", NAMES, RenderOptions(width=80, colour=False, unicode=False)).isascii()


def test_a_step_that_accounts_share_is_told_once() -> None:
    assert shown("table", MANY, OPTIONS[0]).count("Move what uses the key") == 1


def test_many_accounts_of_one_group_are_a_line_each() -> None:
    text = shown("table", UNREAD_ACCOUNTS, OPTIONS[0])
    blocks = set(re.findall(r"^INSUFFICIENT_DATA (\d{12})", text, re.MULTILINE))
    few = {one for group in UNREAD_ACCOUNTS.coverage_gaps if len(group.accounts) <= 10 for one in group.accounts}
    assert blocks == few
    for group in UNREAD_ACCOUNTS.coverage_gaps:
        assert [line for line in group.how if f"      {line}" not in text.splitlines()] == []


def test_an_account_points_to_what_would_open_it() -> None:
    text = shown("table", UNREAD_ACCOUNTS, OPTIONS[1])
    for group in UNREAD_ACCOUNTS.coverage_gaps:
        counted = f"{len(group.accounts)} account" + ("" if len(group.accounts) == 1 else "s")
        (number,) = re.findall(rf"^  (\[\d+\]) {counted}: {re.escape(group.remedy[:60])}", text, re.MULTILINE)
        pointers = text.count(f"next step {number} below") + text.count(f"next step  {number} below")
        assert pointers == (1 if len(group.accounts) > 10 else len(group.accounts))


def test_json_tells_what_would_open_each_account() -> None:
    audit = json.loads(shown("json", UNREAD_ACCOUNTS, OPTIONS[0]))
    assert sum(len(group["accounts"]) for group in audit["gap"]) == audit["summary"]["insufficient_data"]
    assert audit["gap"][0]["code"] == "denied_by_service_control_policy"
    assert json.loads("".join(audit["gap"][0]["how"]))["Effect"] == "Deny"


def test_colour_is_never_the_only_sign() -> None:
    coloured = shown("table", EVERY_KIND, OPTIONS[2])
    assert ESCAPE.search(coloured)
    plain = shown("table", EVERY_KIND, OPTIONS[0])
    assert [line.rstrip() for line in ESCAPE.sub("", coloured).splitlines()] == plain.splitlines()


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"json", "jsonl", "ocsf", "oscal"}))
def test_a_reason_of_two_sources_is_counted_once(name: str) -> None:
    unread = [
        Unavailable(source, UnavailableReason.UNREACHABLE, f"advice for {source.value}", Origin(Access.OWN))
        for source in (Source.ACCOUNT_SUMMARY, Source.CREDENTIAL_REPORT)
    ]
    text = shown(name, run(finding("111122223333", *unread)), OPTIONS[0])
    assert "unreachable" in text
    assert not re.search(r"unreachable[,; ]{1,2}unreachable", text)
