"""``--format csv``: a row for each account that stands by itself, whatever its name holds."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import ROOT_ACCESS_KEY, find_reference
from rootsweep.core.evidence import KeyStatus, LastUsed, NoLastUse
from rootsweep.core.finding import KeyRow
from rootsweep.core.run import Run
from rootsweep.reports.formats.csv_rows import COLUMNS, SEPARATOR, from_outside
from rootsweep.reports.registry import Presentation
from rootsweep.reports.wording import printable
from tests.reports.example_runs import (
    ACTIVE,
    CREATED,
    EMPTY_2,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    INCOMPLETE,
    NOW,
    ORGANIZATION,
    finding,
    report,
    run,
)
from tests.reports.shown import OPTIONS, TextFile, shown

GOLDEN = ["every-kind", "excepted", "names", "organization", "unread", "empty"]
SIGNS = tuple("=+-@＝＋－＠")  # noqa: RUF001  spreadsheets take the full-width signs too
NUMBERS = {"active_keys", "inactive_keys", "unknown_keys", "refused_inputs", "left_out_evidence"}


class CsvFile(TextFile):
    file_extension = "csv"


def rows(of: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(shown("csv", of), newline=""), strict=True))


def row_named(name: str) -> dict[str, str]:
    (found,) = rows(run(finding("000011112222", report(ACTIVE, EMPTY_2), name=name)))
    return found


@pytest.mark.parametrize("name", GOLDEN)
def test_csv(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("csv", EXAMPLES[name]) == snapshot(extension_class=CsvFile)


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_every_account_has_one_row_with_every_column(of: Run) -> None:
    text = shown("csv", of)
    assert text.count("\n") == len(of.findings) + 1
    assert "\r" not in text
    found = rows(of)
    assert [row["account_id"] for row in found] == [one.account.id for one in of.findings]
    assert [row["verdict"] for row in found] == [one.verdict.value for one in of.findings]
    assert all(tuple(row) == COLUMNS and None not in row.values() for row in found)


def test_the_columns_that_were_once_there_stay_in_their_places() -> None:
    """New ones come after these."""
    assert COLUMNS[:3] == ("account_id", "account_name", "partition")
    assert COLUMNS[6] == "verdict"
    assert COLUMNS[37:40] == ("scope_complete", "refused_inputs", "finished_at")
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_texts_are_quoted_and_numbers_are_not() -> None:
    """A spreadsheet that is told to take quoted cells as text keeps the leading zeros of an account id."""
    for line in shown("csv", EVERY_KIND).splitlines()[1:]:
        cells: list[object] = [*next(csv.reader([line], quoting=csv.QUOTE_NONNUMERIC))]
        assert {column for column, cell in zip(COLUMNS, cells, strict=True) if not isinstance(cell, str)} == NUMBERS
    assert '"000011112222"' in shown("csv", EVERY_KIND)


def test_a_row_stands_by_itself() -> None:
    row = rows(EVERY_KIND)[0]
    assert (row["control"], row["framework"]) == (ROOT_ACCESS_KEY.id, "CIS AWS Foundations")
    assert (row["scope_complete"], row["refused_inputs"], row["finished_at"]) == ("true", "2", "2026-11-24T12:00:00Z")
    assert [one["scope_complete"] for one in rows(INCOMPLETE)] == ["false"]


def test_the_framework_is_the_one_that_was_asked_for() -> None:
    reference = find_reference("CIS AWS Foundations 7")
    assert reference is not None
    text = shown("csv", EVERY_KIND, replace(OPTIONS[0], presentation=Presentation(reference)))
    found = next(csv.DictReader(StringIO(text)))
    assert (found["framework_version"], found["requirement"]) == ("7.0.0", "2.4")


def test_an_exception_never_changes_the_verdict() -> None:
    first, second, clean = rows(EXCEPTED)
    assert (first["verdict"], first["excepted"], first["exception_ticket"]) == ("NON_COMPLIANT", "true", "SEC-1204")
    assert (second["exception_owner"], second["exception_ticket"]) == ("ana.souza@example.com", "")
    assert first["exception_expires_at"] == "2027-03-24T12:00:00Z"
    assert (clean["excepted"], clean["exception_owner"], clean["exception_expires_at"]) == ("false", "", "")


def test_keys_are_counted_by_status() -> None:
    payments = next(row for row in rows(ORGANIZATION) if row["account_name"] == "payments")
    assert (payments["active_keys"], payments["inactive_keys"], payments["unknown_keys"]) == ("1", "1", "0")
    assert payments["key_ids"].split(SEPARATOR) == ["AKIAQNZGKIQY56JQ7WMM", "AKIAQNZGKIQY56JQ7WMN"]
    assert payments["oldest_key_created_at"] == "2021-05-17T14:03:27Z"
    assert (payments["last_used_status"], payments["last_used_region"]) == ("recorded", "eu-west-1")
    assert payments["evidence_read"] == "account_summary | root_access_keys"
    refused = next(row for row in rows(ORGANIZATION) if row["account_name"] == "refused")
    assert (refused["evidence_read"], refused["evidence_not_read"]) == ("", "account_summary: access_denied")


@pytest.mark.parametrize(
    ("uses", "status", "at"),
    [
        ([], "", ""),
        ([NoLastUse.NEVER_RECORDED], "never_recorded", ""),
        ([NoLastUse.NEVER_RECORDED, NoLastUse.UNKNOWN], "unknown", ""),
        ([LastUsed(CREATED), LastUsed(NOW, "eu-west-1")], "recorded", "2026-11-24T12:00:00Z"),
        ([LastUsed(CREATED), NoLastUse.NEVER_RECORDED], "recorded", "2021-05-17T14:03:27Z"),
        ([LastUsed(CREATED), NoLastUse.UNKNOWN], "unknown", "2021-05-17T14:03:27Z"),
    ],
)
def test_a_use_that_is_not_known_is_never_taken_for_none(uses: list[LastUsed | NoLastUse], status: str, at: str) -> None:
    keys = tuple(KeyRow(None, 1, KeyStatus.ACTIVE, None, None, use) for use in uses)
    (row,) = rows(run(replace(finding("111122223333", report(ACTIVE, EMPTY_2)), keys=keys)))
    assert (row["last_used_status"], row["last_used_at"]) == (status, at)


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        ' "=1',
        "'=1",
        "\xa0=1",
        "＝1",  # noqa: RUF001  the same
        '=cmd|"/C calc"!A1',
        '=HYPERLINK("http://x","y")',
    ],
)
def test_no_name_is_a_formula(name: str) -> None:
    shown_name = row_named(name)["account_name"]
    assert not shown_name.lstrip(' "').startswith(SIGNS)
    assert printable(name) in shown_name


@pytest.mark.parametrize("name", ["production", "a=b", "1-2", "team@example", "O'Brien", 'the "old" one', "", "本番環境"])
def test_a_harmless_name_is_kept_as_it_is(name: str) -> None:
    assert row_named(name)["account_name"] == name


@given(st.text(max_size=60))
def test_whatever_a_name_holds_there_is_one_line_and_one_cell(name: str) -> None:
    row = row_named(name)
    assert tuple(row) == COLUMNS
    assert row["account_name"] in {printable(name), f"'{printable(name)}"}
    assert row["account_name"] == from_outside(name)
    assert not row["account_name"].lstrip().startswith(SIGNS)
