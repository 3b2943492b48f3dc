"""``--account`` and ``--exclude``: which accounts an option, a file or the settings name."""

import os
import threading
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine, Outcome

A, B, C = "111122223333", "444455556666", "012345678901"
REPORT = (
    "user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n"
    f"<root_account>,arn:aws:iam::{A}:root,2018-01-15T10:00:00Z,false,N/A,false,N/A\n"
)


@pytest.fixture(autouse=True)
def no_settings_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def audit(rootsweep: CommandLine, *arguments: str) -> Outcome:
    report = rootsweep.save("r.csv", REPORT)
    return rootsweep("audit", "--from", report, "--format", "json", "--history", "none", *arguments)


def rows(outcome: Outcome) -> set[str]:
    return set(outcome.verdicts)


@pytest.mark.parametrize("text", [f"{A}\t{B}\t{C}\n", f"Account ID,Name\n{A},a\n{B},b\n{C},c\n", f'["{A}", "{B}", "{C}"]'])
def test_each_account_of_a_file_has_a_row_and_their_number_is_told(rootsweep: CommandLine, text: str) -> None:
    listed = rootsweep.save("accounts.txt", text)
    outcome = audit(rootsweep, "--account", listed)
    assert (outcome.code, rows(outcome)) == (3, {A, B, C})
    assert outcome.err == f"rootsweep: {listed} names 3 accounts\n"


@pytest.mark.parametrize(
    "given", [("--account", f"{A},{B}"), ("--account", A, "--account", "4444-5555-6666"), ("--account", f"{A}, {B}")]
)
def test_an_option_takes_several_ids(rootsweep: CommandLine, given: tuple[str, ...]) -> None:
    outcome = audit(rootsweep, *given)
    assert (outcome.code, rows(outcome), outcome.err) == (3, {A, B}, "")


def test_a_report_of_rootsweep_names_its_accounts(rootsweep: CommandLine) -> None:
    for format_name in ("json", "csv"):
        written = str(rootsweep.folder / f"run.{format_name}")
        report = rootsweep.save("r.csv", REPORT)
        saving = ("--history", "none", "--format", format_name, "--output", written)
        assert rootsweep("audit", "--from", report, "--account", f"{A},{C}", *saving).code == 3
        assert rows(audit(rootsweep, "--account", written)) == {A, C}


@pytest.mark.parametrize(
    ("text", "words"),
    [(f"{A}\n12345678901\n", "leading zeros"), (f"{A}\nprod,{B}\n", "not an account id"), ("#\n", "names no")],
)
def test_what_a_file_does_not_say_clearly_ends_with_its_line(rootsweep: CommandLine, text: str, words: str) -> None:
    for option in ("--account", "--exclude"):
        outcome = audit(rootsweep, "--role-name", "RootAudit", option, rootsweep.save("accounts.txt", text))
        assert (outcome.code, outcome.out) == (2, "")
        assert words in outcome.err
        assert "accounts.txt:2: " in outcome.err or text == "#\n"


@pytest.mark.parametrize(
    ("given", "words"),
    [("-", "standard input"), (".", "cannot be read"), ("12345678901", "leading zeros"), (f"{A},x", "no file")],
)
def test_what_is_neither_an_id_nor_a_file_ends_with_a_sentence(rootsweep: CommandLine, given: str, words: str) -> None:
    outcome = audit(rootsweep, "--account", given)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


def test_a_file_that_is_too_large_is_not_read_to_its_end(rootsweep: CommandLine) -> None:
    endless = rootsweep.folder / "accounts.txt"
    with endless.open("wb") as stream:
        stream.truncate(2**40)
    outcome = audit(rootsweep, "--account", str(endless))
    assert outcome.code == 2
    assert "too large" in outcome.err


def test_a_named_pipe_is_read_once_also_where_the_settings_name_it(rootsweep: CommandLine) -> None:
    pipe = rootsweep.folder / "accounts"
    os.mkfifo(pipe)
    rootsweep.save("rootsweep.toml", f'[audit]\naccount = "{pipe}"\n')
    writer = threading.Thread(target=pipe.write_text, args=(f"{A}\t{B}\n",), daemon=True)
    writer.start()
    outcome = audit(rootsweep)
    writer.join(10)
    assert (rows(outcome), outcome.err) == ({A, B}, f"rootsweep: {pipe} names 2 accounts\n")


def test_a_file_that_the_command_line_overrides_is_not_mentioned(rootsweep: CommandLine) -> None:
    listed = rootsweep.save("accounts.txt", f"{A}\n{B}\n")
    rootsweep.save("rootsweep.toml", f'[audit]\naccount = "{listed}"\n')
    outcome = audit(rootsweep, "--account", A)
    assert (rows(outcome), outcome.err) == ({A}, "")


def test_a_number_in_the_settings_is_an_account_only_with_all_its_digits(rootsweep: CommandLine) -> None:
    rootsweep.save("rootsweep.toml", f"[audit]\naccount = [{A}, {B}]\n")
    assert rows(audit(rootsweep)) == {A, B}
    rootsweep.save("rootsweep.toml", f"[audit]\naccount = [{A}, 12345678901]\n")
    outcome = audit(rootsweep)
    assert (outcome.code, outcome.out) == (2, "")
    assert "rootsweep.toml:2: audit.account: 12345678901 is not an AWS account id" in outcome.err
    assert "leading zeros" in outcome.err
