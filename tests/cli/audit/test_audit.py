"""``rootsweep audit`` as its user runs it: arguments in, output, messages and exit code out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep.reports.contracts.audit_v1 import json_schema
from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine
from tests.json_schema import validate

ELSEWHERE = "999988887777"
ROOTSWEEP = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
KEYED = saved_files.lines(
    [saved_files.HEADER, saved_files.root(access_key_1_active="true", access_key_1_last_rotated="2021-05-17T14:03:27Z")]
)
INACTIVE = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_last_rotated="2021-05-17T14:03:27Z")])


def test_a_clean_report_is_proven(rootsweep: CommandLine) -> None:
    outcome = rootsweep("audit", "--from", rootsweep.save("report.csv", CLEAN), "--format", "json")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.verdicts == {saved_files.ACCOUNT: "COMPLIANT"}
    assert outcome.audit["scope"] == {
        "kind": "files",
        "partition": "aws",
        "organization_id": None,
        "complete": True,
        "incomplete_because": None,
    }


def test_the_table_is_the_default_and_keys_exit_1(rootsweep: CommandLine) -> None:
    outcome = rootsweep("audit", "--from", rootsweep.save("report.csv", KEYED))
    assert outcome.code == 1
    assert "NON_COMPLIANT" in outcome.out
    assert "0 of 1 account proven" in outcome.out


def test_a_key_outranks_what_was_refused(rootsweep: CommandLine) -> None:
    rootsweep.save("evidence/notes.txt", "hello")
    rootsweep.save("evidence/report.csv", KEYED)
    outcome = rootsweep("audit", "--from", str(rootsweep.folder / "evidence"), "--format", "json")
    assert outcome.code == 1
    assert [Path(one["path"]).name for one in outcome.audit["rejected_inputs"]] == ["notes.txt"]
    assert "refused" in outcome.err
    assert "notes.txt" in outcome.err


def test_a_refused_file_beside_a_clean_one_exits_3(rootsweep: CommandLine) -> None:
    clean, notes = rootsweep.save("report.csv", CLEAN), rootsweep.save("notes.txt", "hello")
    outcome = rootsweep("audit", "--from", clean, notes, "--format", "json")
    assert outcome.code == 3
    assert outcome.verdicts == {saved_files.ACCOUNT: "COMPLIANT"}


def test_nothing_usable_exits_2_and_still_says_what_was_refused(rootsweep: CommandLine) -> None:
    outcome = rootsweep("audit", "--from", rootsweep.save("notes.txt", "hello"), "--format", "json")
    assert outcome.code == 2
    assert outcome.audit["accounts"] == []
    assert len(outcome.audit["rejected_inputs"]) == 1
    assert "none of the inputs is usable evidence" in outcome.err


def test_a_path_that_is_not_there_is_refused(rootsweep: CommandLine) -> None:
    outcome = rootsweep("audit", "--from", str(rootsweep.folder / "missing"))
    assert outcome.code == 2
    assert "missing" in outcome.err


def test_a_named_account_without_evidence_is_a_row_that_is_not_proven(rootsweep: CommandLine) -> None:
    report = rootsweep.save("report.csv", CLEAN)
    outcome = rootsweep(
        "audit", "--from", report, "--account", "999988887777", "--account", saved_files.ACCOUNT, "--format", "json"
    )
    assert outcome.code == 3
    assert outcome.verdicts == {saved_files.ACCOUNT: "COMPLIANT", "999988887777": "INSUFFICIENT_DATA"}
    assert outcome.audit["accounts"][1]["reasons"][0]["code"] == "no_evidence"


def test_evidence_of_another_account_is_left_out_aloud(rootsweep: CommandLine) -> None:
    outcome = rootsweep(
        "audit", "--from", rootsweep.save("report.csv", KEYED), "--account", "9999-8888-7777", "--format", "json"
    )
    assert outcome.code == 2
    assert outcome.verdicts == {"999988887777": "INSUFFICIENT_DATA"}
    assert "left out evidence of 1 account" in outcome.err


def test_a_summary_in_a_file_named_by_a_time_is_nobodys(rootsweep: CommandLine) -> None:
    summary = rootsweep.save("summary_202609111315.json", '{"SummaryMap": {"AccountAccessKeysPresent": 1}}')
    alone = rootsweep("audit", "--from", summary, "--format", "json")
    assert (alone.code, alone.verdicts) == (2, {})
    beside = rootsweep("audit", "--from", summary, rootsweep.save("report.csv", CLEAN), "--format", "json")
    assert (beside.code, beside.verdicts) == (3, {saved_files.ACCOUNT: "COMPLIANT"})
    assert [refused["path"] for refused in beside.audit["rejected_inputs"]] == [summary]
    named = rootsweep("audit", "--from", summary, "--account", "202609111315", "--format", "json")
    assert (named.code, named.verdicts) == (1, {"202609111315": "NON_COMPLIANT"})


def test_left_out_evidence_changes_no_exit_code_and_is_told_at_the_head(rootsweep: CommandLine) -> None:
    clean = rootsweep.save("report.csv", CLEAN)
    left_out = rootsweep.save(f"summary-{ELSEWHERE}.json", '{"SummaryMap": {"AccountAccessKeysPresent": 1}}')
    arguments = ("audit", "--from", clean, left_out, "--account", saved_files.ACCOUNT)
    outcome = rootsweep(*arguments, "--format", "json")
    assert (outcome.code, outcome.verdicts) == (0, {saved_files.ACCOUNT: "COMPLIANT"})
    assert outcome.audit["left_out"] == [
        {"path": left_out, "account_id": ELSEWHERE, "source": "account_summary", "shows_key": True}
    ]
    assert [warning["code"] for warning in outcome.audit["warnings"]] == ["left_out_evidence_shows_key"]
    assert rootsweep(*arguments).out.startswith("WARNING ")


def test_an_account_whose_file_holds_evidence_of_another_is_not_proven(rootsweep: CommandLine) -> None:
    report = rootsweep.save(f"credential-report-{ELSEWHERE}.csv", CLEAN)
    outcome = rootsweep("audit", "--from", report, "--format", "json")
    assert outcome.code == 3
    assert outcome.verdicts == {saved_files.ACCOUNT: "COMPLIANT", ELSEWHERE: "INSUFFICIENT_DATA"}
    assert "file_named_for_another_account" in [one["code"] for one in outcome.audit["accounts"][0]["warnings"]]


def test_a_saved_summary_does_not_make_up_for_an_unreadable_report(rootsweep: CommandLine) -> None:
    unreadable = saved_files.root(access_key_1_last_rotated="no_information")
    report = rootsweep.save("report.csv", saved_files.lines([saved_files.HEADER, unreadable]))
    summary = rootsweep.save(f"summary-{saved_files.ACCOUNT}.json", '{"SummaryMap": {"AccountAccessKeysPresent": 0}}')
    outcome = rootsweep("audit", "--from", report, summary, "--format", "json")
    assert (outcome.code, outcome.verdicts) == (3, {saved_files.ACCOUNT: "INSUFFICIENT_DATA"})
    assert [reason["code"] for reason in outcome.audit["accounts"][0]["reasons"]] == ["report_incomplete"]


def test_a_summary_pairs_with_the_named_account(rootsweep: CommandLine) -> None:
    summary = rootsweep.save("summary.txt", '"AccountAccessKeysPresent": 1,\n')
    outcome = rootsweep("audit", "--from", summary, "--account", "111122223333", "--format", "json")
    assert outcome.code == 1
    assert outcome.audit["accounts"][0]["reasons"][0]["code"] == "root_key_status_unknown"


def test_inactive_keys_may_be_allowed(rootsweep: CommandLine) -> None:
    report = rootsweep.save("report.csv", INACTIVE)
    assert rootsweep("audit", "--from", report).code == 1
    allowed = rootsweep("audit", "--from", report, "--inactive-keys", "allow", "--format", "json")
    assert allowed.code == 0
    assert allowed.audit["accounts"][0]["reasons"][0]["code"] == "inactive_root_key_allowed"


def test_max_age_asks_for_the_time_of_a_report(rootsweep: CommandLine) -> None:
    outcome = rootsweep("audit", "--from", rootsweep.save("report.csv", CLEAN), "--max-age", "90d", "--format", "json")
    assert outcome.code == 3
    assert outcome.audit["accounts"][0]["reasons"][0]["code"] == "report_time_unknown"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit", "reports/"], "--from"),
        (["audit", "--timeout", "long"], "'long' is not a duration"),
        (["audit", "--from", "x", "--max-age", "soon"], "'soon' is not a duration"),
        (["audit", "--from", "x", "--max-age", "0d"], "'0d' is not a duration"),
        (["audit", "--from", "x", "--account", "123"], "12 digits"),
        (["audit", "--from", "x", "--format", "pdf"], "'pdf' is not one of"),
        (["audit", "--form", "x"], "no such option"),
        (["sweep"], "there is no command"),
    ],
)
def test_usage_errors_exit_2_with_a_sentence(rootsweep: CommandLine, arguments: list[str], words: str) -> None:
    outcome = rootsweep(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert words in outcome.err


def test_a_file_appears_whole_and_replaces_the_old_one(rootsweep: CommandLine) -> None:
    target = rootsweep.folder / "audit.json"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o600)
    outcome = rootsweep("audit", "--from", rootsweep.save("in/r.csv", CLEAN), "--format", "json", "--output", str(target))
    assert (outcome.code, outcome.out) == (0, "")
    validate(json.loads(target.read_text("utf-8")), json_schema())
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in rootsweep.folder.iterdir()) == ["audit.json", "in"]


@pytest.mark.parametrize("target", ["missing/audit.json", "."])
def test_an_unwritable_output_is_told_before_anything_is_read(rootsweep: CommandLine, target: str) -> None:
    outcome = rootsweep("audit", "--from", rootsweep.save("r.csv", CLEAN), "--output", str(rootsweep.folder / target))
    assert outcome.code == 4
    assert "cannot write" in outcome.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told(rootsweep: CommandLine) -> None:
    report = rootsweep.save("r.csv", CLEAN)
    assert rootsweep("audit", "--from", report, "--output", "/dev/full").code == 4
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [*ROOTSWEEP, "audit", "--from", report], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr.count("\n")) == (4, 1)


def test_a_reader_that_leaves_early_changes_nothing(rootsweep: CommandLine) -> None:
    report = rootsweep.save("r.csv", KEYED)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        ran = subprocess.run(
            [*ROOTSWEEP, "audit", "--from", report], stdout=pipe, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr) == (1, "")


@pytest.mark.parametrize(
    "text", [CLEAN.encode(), CLEAN.encode("utf-16"), b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()]
)
def test_standard_input(text: bytes) -> None:
    ran = subprocess.run([*ROOTSWEEP, "audit", "--from", "-", "--format", "json"], input=text, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["accounts"][0]["account_id"] == saved_files.ACCOUNT


def test_a_terminal_of_few_characters_still_gets_every_row(rootsweep: CommandLine) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "60"}
    command = [*ROOTSWEEP, "audit", "--from", rootsweep.save("r.csv", KEYED)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert saved_files.ACCOUNT in ran.stdout
    assert max(len(line) for line in broken_lines(ran.stdout)) <= 60


def broken_lines(table: str) -> list[str]:
    """Give the lines of a table that fit themselves to its width: all but the commands to paste."""
    return [line for line in table.splitlines() if not line.startswith("  rootsweep ")]


@pytest.mark.parametrize("columns", ["wide", "-5", "0", ""])
def test_a_senseless_width_is_passed_over(rootsweep: CommandLine, columns: str) -> None:
    command = [*ROOTSWEEP, "audit", "--from", rootsweep.save("r.csv", KEYED)]
    ran = subprocess.run(command, env={**os.environ, "COLUMNS": columns}, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert 80 < max(len(line) for line in broken_lines(ran.stdout)) <= 120


def test_files_that_lie_beside_evidence_are_named_and_spare_the_exit_code(rootsweep: CommandLine) -> None:
    rootsweep.save("reports/clean.csv", CLEAN)
    for name in ("README.md", "Thumbs.db", "desktop.ini", "uv.lock", "\u202e~"):
        rootsweep.save(f"reports/{name}", "nothing")
    outcome = rootsweep("audit", "--from", str(rootsweep.folder / "reports"), "--format", "json")
    assert (outcome.code, outcome.audit["rejected_inputs"]) == (0, [])
    assert "skipped files that hold no evidence: " in outcome.err
    assert "README.md" in outcome.err
    assert "\u202e" not in outcome.err


@pytest.mark.parametrize("name", ["notes.txt", "report.pdf", "scan.png"])
def test_what_may_be_evidence_is_not_skipped(rootsweep: CommandLine, name: str) -> None:
    rootsweep.save("reports/clean.csv", CLEAN)
    rootsweep.save(f"reports/{name}", "%PDF-1.7")
    assert rootsweep("audit", "--from", str(rootsweep.folder / "reports")).code == 3


def test_a_name_hides_no_evidence(rootsweep: CommandLine) -> None:
    """A README that is a report is judged; one that is a broken report, or was named itself, is refused."""
    rootsweep.save("reports/clean.csv", CLEAN)
    readme = rootsweep.save("reports/README", KEYED)
    assert rootsweep("audit", "--from", str(rootsweep.folder / "reports")).code == 1
    rootsweep.save("reports/README", KEYED[:-40])
    assert rootsweep("audit", "--from", str(rootsweep.folder / "reports")).code == 3
    rootsweep.save("reports/README", "nothing")
    assert rootsweep("audit", "--from", str(rootsweep.folder / "reports")).code == 0
    assert rootsweep("audit", "--from", str(rootsweep.folder / "reports" / "clean.csv"), "--from", readme).code == 3
