"""``rootsweep history`` as its user meets it, over runs of saved evidence, and what an audit does with its history."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep.reports.contracts.history_v1 import json_schema
from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine, Outcome
from tests.json_schema import validate

pytestmark = pytest.mark.usefixtures("history_of_its_own")

SINCE = "2021-05-17T14:03:27Z"
CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
KEYED = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_active="true", access_key_1_last_rotated=SINCE)])
NOTHING = saved_files.lines([saved_files.HEADER])
PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]


@pytest.fixture(autouse=True)
def folder_of_the_user(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rootsweep.folder)


def audit(rootsweep: CommandLine, report: str, *arguments: str, name: str = "report.csv") -> Outcome:
    rootsweep.save(name, report)
    return rootsweep("audit", "--from", name, *arguments)


def run_lines(outcome: Outcome) -> list[str]:
    return [line for line in outcome.out.splitlines() if re.match(r"  \d", line)]


def history_file() -> Path:
    return Path(os.environ["XDG_DATA_HOME"]) / "rootsweep" / "history.sqlite3"


def test_an_audit_records_its_run_and_says_nothing_of_it(rootsweep: CommandLine) -> None:
    assert audit(rootsweep, KEYED).err == ""
    assert audit(rootsweep, CLEAN).err == ""
    table = rootsweep("history")
    assert (table.code, table.err) == (0, "")
    assert table.out == rootsweep("history", "list").out
    assert table.out.splitlines()[0] == "saved evidence --from report.csv"
    assert [line.split()[3:] for line in run_lines(table)] == [
        ["1", "of", "1", "0", "0", "1", "0"],
        ["0", "of", "1", "1", "1", "0", "0"],
    ]
    assert len(run_lines(rootsweep("history", "--limit", "1"))) == 1


def test_the_diff_tells_what_changed_and_show_the_life_of_the_key(rootsweep: CommandLine) -> None:
    for report in (CLEAN, KEYED, CLEAN):
        audit(rootsweep, report)
    newest = rootsweep("history", "diff")
    assert (newest.code, newest.err) == (0, "")
    assert "FIXED" in newest.out
    assert "0 new, 0 reappeared, 1 fixed, 0 lost sight of" in newest.out
    older = rootsweep("history", "diff", "1", "2")
    assert older.code == 1
    assert "COMPLIANT -> NON_COMPLIANT" in older.out
    assert "access key 1: ACTIVE" in older.out
    assert "0 new, 0 reappeared, 0 fixed" in rootsweep("history", "diff", "1").out
    shown = rootsweep("history", "show", saved_files.ACCOUNT)
    assert shown.code == 0
    assert "ACTIVE since" in shown.out
    assert "(run 2)" in shown.out
    assert "proven on" in shown.out


def test_every_view_follows_the_shipped_schema(rootsweep: CommandLine) -> None:
    audit(rootsweep, KEYED)
    for arguments in (["list"], ["diff"], ["show", saved_files.ACCOUNT]):
        document = json.loads(rootsweep("history", *arguments, "--format", "json").out)
        validate(document, json_schema())
        assert (document["schema"], document["view"]) == ("rootsweep.history/1", arguments[0])


def test_the_diff_of_an_only_run_calls_everything_new(rootsweep: CommandLine) -> None:
    audit(rootsweep, KEYED)
    diff = rootsweep("history", "diff")
    assert (diff.code, "no earlier run of the scope is recorded" in diff.out) == (1, True)


def test_runs_of_another_scope_are_not_compared(rootsweep: CommandLine) -> None:
    audit(rootsweep, KEYED)
    assert audit(rootsweep, KEYED, "--fail-on", "new", name="other.csv").code == 1
    assert audit(rootsweep, KEYED, "--fail-on", "new", name="other.csv").code == 0
    assert audit(rootsweep, KEYED, "--fail-on", "new", "--account", saved_files.ACCOUNT, name="other.csv").code == 1


@pytest.mark.parametrize(
    ("then", "now", "on_any", "on_new"),
    [
        (CLEAN, CLEAN, 0, 0),
        (CLEAN, KEYED, 1, 1),
        (KEYED, KEYED, 1, 0),
        (KEYED, CLEAN, 0, 0),
        (NOTHING, KEYED, 1, 1),
        (None, KEYED, 1, 1),
        (None, CLEAN, 0, 0),
    ],
)
def test_what_fails(rootsweep: CommandLine, then: str | None, now: str, on_any: int, on_new: int) -> None:
    if then is not None:
        audit(rootsweep, then)
    assert audit(rootsweep, now, "--fail-on", "new").code == on_new
    assert audit(rootsweep, now).code == on_any


def test_what_could_not_be_judged_is_not_proven_where_nothing_is_new(rootsweep: CommandLine) -> None:
    named = ("--account", saved_files.ACCOUNT, "--account", "999988887777", "--fail-on", "new")
    assert audit(rootsweep, KEYED, *named).code == 1
    assert audit(rootsweep, KEYED, *named).code == 3


def test_none_keeps_nothing(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert audit(rootsweep, CLEAN, "--history", "none").code == 0
    monkeypatch.setenv("ROOTSWEEP_HISTORY", "none")
    assert audit(rootsweep, CLEAN).code == 0
    assert not history_file().exists()
    assert audit(rootsweep, CLEAN, "--fail-on", "new").code == 2
    shown = rootsweep("history")
    assert (shown.code, "--history none keeps no runs" in shown.err) == (2, True)


def test_a_url_names_the_history(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    audit(rootsweep, CLEAN, "--history", "sqlite:///ours.sqlite3")
    monkeypatch.setenv("ROOTSWEEP_HISTORY", "sqlite:///ours.sqlite3")
    audit(rootsweep, CLEAN)
    assert not history_file().exists()
    assert len(run_lines(rootsweep("history"))) == 2
    assert len(run_lines(rootsweep("history", "list", "--history", "sqlite:///ours.sqlite3"))) == 2


def test_a_url_that_makes_no_sense_is_refused_before_anything_is_read(rootsweep: CommandLine) -> None:
    outcome = audit(rootsweep, CLEAN, "--history", "mysql://root:p4ssw0rd@localhost/history")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "p4ssw0rd" not in outcome.err


@pytest.mark.parametrize(("report", "on_any", "on_new"), [(CLEAN, 0, 0), (KEYED, 1, 1)])
def test_a_history_that_is_broken_stops_no_audit(rootsweep: CommandLine, report: str, on_any: int, on_new: int) -> None:
    rootsweep.save("broken.sqlite3", "this is no database" * 300)
    for arguments, code in (([], on_any), (["--fail-on", "new"], on_new)):
        outcome = audit(rootsweep, report, "--format", "json", "--history", "sqlite:///broken.sqlite3", *arguments)
        assert (outcome.code, outcome.err.count("\n")) == (code, 1)
        assert outcome.audit["summary"]["accounts"] == 1
        assert "this run is not recorded: the history broken.sqlite3 is no history" in outcome.err
    shown = rootsweep("history", "--history", "sqlite:///broken.sqlite3")
    assert (shown.code, shown.out, shown.err.count("\n")) == (4, "", 1)


def test_nothing_that_is_no_run_is_recorded(rootsweep: CommandLine) -> None:
    assert audit(rootsweep, "not a report").code == 2
    run = rootsweep.save("run.json", rootsweep("audit", "--from", "x", "--account", saved_files.ACCOUNT).out)
    rootsweep("report", run)
    assert rootsweep("demo", "--saved").code == 0
    assert not history_file().exists()


def test_a_run_whose_report_cannot_be_written_is_not_recorded(rootsweep: CommandLine) -> None:
    assert audit(rootsweep, CLEAN, "--format", "json", "--output", "/dev/full").code == 4
    assert not history_file().exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list"], "no run is recorded"),
        (["diff"], "no run is recorded"),
        (["show", "111122223333"], "no run is recorded"),
        (["prune", "--keep", "1"], "no run is recorded"),
        (["prune"], "missing option '--keep'"),
        (["prune", "--keep", "0"], "0 is not in the range"),
        (["show", "me"], "no run is recorded"),
        (["diff", "one"], "is not a valid integer"),
        (["forget"], "no such command"),
    ],
)
def test_what_makes_no_sense_is_refused(rootsweep: CommandLine, arguments: list[str], sentence: str) -> None:
    outcome = rootsweep("history", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert sentence in outcome.err


def test_a_run_or_an_account_that_is_not_recorded_is_told(rootsweep: CommandLine) -> None:
    audit(rootsweep, CLEAN)
    for arguments, sentence in (
        (["diff", "7"], "run 7 is not recorded"),
        (["diff", "1", "7"], "run 7 is not recorded"),
        (["diff", "1"], "there is no run to compare run 1 with"),
        (["show", "999988887777"], "has account 999988887777"),
        (["show", "nobody"], "has the id or the name 'nobody'"),
    ):
        outcome = rootsweep("history", *arguments)
        assert (outcome.code, outcome.out, sentence in outcome.err) == (2, "", True)


def test_pruning_says_what_went(rootsweep: CommandLine) -> None:
    for _ in range(3):
        audit(rootsweep, CLEAN)
    asked = rootsweep("history", "prune", "--keep", "1")
    assert (asked.code, asked.out, "standard input is not a terminal" in asked.err) == (
        2,
        "",
        True,
    )
    done = rootsweep("history", "prune", "--keep", "1", "--yes")
    assert (done.code, done.out) == (0, f"Deleted 2 runs; 1 run left in {history_file()}.\n")
    again = rootsweep("history", "prune", "--keep", "1")
    assert (again.code, again.out) == (0, f"Nothing to delete: 1 run in {history_file()}.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
@pytest.mark.parametrize(("typed", "code", "left"), [("delete", 0, 1), ("yes", 2, 3), ("", 2, 3)])
def test_at_a_terminal_pruning_waits_for_the_word(rootsweep: CommandLine, typed: str, code: int, left: int) -> None:
    for _ in range(3):
        audit(rootsweep, CLEAN)
    controller, terminal = os.openpty()
    with os.fdopen(controller, "wb", buffering=0) as keyboard:
        words = [*PROGRAM, "history", "prune", "--keep", "1"]
        process = subprocess.Popen(words, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        os.close(terminal)
        keyboard.write(f"{typed}\n".encode())
        out, _ = process.communicate(timeout=30)
    assert process.returncode == code
    assert "This deletes 2 runs of 3 runs, numbers 1 to 2" in out
    assert len(run_lines(rootsweep("history"))) == left


def test_the_database_library_is_not_imported_before_the_reports_are_written(rootsweep: CommandLine) -> None:
    rootsweep.save("report.csv", KEYED)
    code = (
        "import sys\n"
        "class Watched:\n"
        "    def write(self, text):\n"
        "        assert 'sqlite3' not in sys.modules, 'too early'\n"
        "        return len(text)\n"
        "    def __getattr__(self, name):\n"
        "        return getattr(sys.__stdout__, name)\n"
        "sys.stdout = Watched()\n"
        "from rootsweep.cli import run_command_line\n"
        "code = run_command_line(['audit', '--from', 'report.csv'])\n"
        "print('sqlite3' in sys.modules, 'psycopg' in sys.modules, file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "True False\n")


def test_the_page_shows_the_trend_of_its_scope(rootsweep: CommandLine) -> None:
    page = rootsweep.folder / "page.html"
    clean = rootsweep.save("in/clean.csv", CLEAN)
    arguments = ("audit", "--from", clean, "--format", "html", "--output", str(page))
    assert rootsweep(*arguments).code == 0
    assert "Trend" not in page.read_text("utf-8")
    assert rootsweep("audit", "--from", rootsweep.save("in/other.csv", CLEAN)).code == 0
    assert rootsweep(*arguments).code == 0
    assert page.read_text("utf-8").count("1 of 1</td>") == 2
    assert rootsweep(*arguments, "--history", "none").code == 0
    assert "Trend" not in page.read_text("utf-8")


def test_a_broken_history_costs_the_page_its_trend_alone(rootsweep: CommandLine) -> None:
    page = rootsweep.folder / "page.html"
    broken = rootsweep.save("broken.sqlite3", "no database")
    arguments = ("audit", "--from", rootsweep.save("in/clean.csv", CLEAN), "--format", "html", "--output", str(page))
    outcome = rootsweep(*arguments, "--history", f"sqlite:///{broken}")
    assert (outcome.code, outcome.err.count("\n")) == (0, 1)
    assert "this run is not recorded" in outcome.err
    assert "Trend" not in page.read_text("utf-8")
