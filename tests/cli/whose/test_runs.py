"""``rootsweep whose --from``: what saved runs tell, alone and beside AWS."""

import json
from pathlib import Path

import pytest

from rootsweep_emulator import DenyAccess, Emulator, Rule
from tests.cli.command_line import CommandLine
from tests.cli.whose.asking import (
    ID,
    JSON,
    OLD,
    ROOT_SESSION,
    SECRET,
    CallAs,
    answer_of,
    answers_of,
    assert_no_part_of_a_secret,
    assert_one_sentence,
    members,
)
from tests.key_ids import key_id_of


@pytest.fixture(name="run")
def saved_sweep(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> str:
    """Give the path of a run of the organization, by root sessions."""
    call_as(keyed, "management")
    return save_run(keyed, rootsweep, "run.json", "--organization")


def save_run(emulator: Emulator, rootsweep: CommandLine, name: str, *arguments: str) -> str:
    path = str(rootsweep.folder / name)
    outcome = rootsweep("audit", "--quiet", "--timeout", "20s", "--format", "json", "--output", path, *arguments)
    assert outcome.code in {0, 1, 3}, outcome
    emulator.control.reset_calls()
    return path


def test_a_run_tells_whether_an_id_is_a_root_key(keyed: Emulator, run: str, rootsweep: CommandLine) -> None:
    account_id, key_id = members(keyed, "Inactive")[0]
    clean, _ = members(keyed, None)[0]
    outcome = rootsweep(*JSON, "--from", run, key_id, key_id_of(clean), key_id_of(account_id))
    root, none, other = answers_of(outcome)
    assert (outcome.code, root["root_key"], none["root_key"], other["root_key"]) == (1, "yes", "no", "no")
    assert (root["account_name"], root["status"]) == (keyed.world.account(account_id).name, "INACTIVE")
    assert (root["last_used"], root["last_used_status"]) == (None, "never_recorded")
    assert root["source"] == {"kind": "run", "path": run, "access": "root-session"}
    assert root["as_of"]
    assert none["account_name"] == keyed.world.account(clean).name
    assert keyed.control.calls() == 0
    table = rootsweep("whose", "--from", run, key_id)
    assert "ROOT KEY" in table.out
    assert "by a root session, as of 20" in " ".join(table.out.split())


def test_an_old_id_that_a_run_lists_has_its_account_from_there(keyed: Emulator, run: str, rootsweep: CommandLine) -> None:
    account_id, key_id = members(keyed, "Active")[0]
    text = Path(run).read_text(encoding="utf-8").replace(key_id, OLD)
    answer = answer_of(rootsweep(*JSON, "--from", rootsweep.save("old.json", text), OLD))
    assert (answer["root_key"], answer["account_id"]) == ("yes", account_id)


def test_an_account_that_no_run_has(run: str, rootsweep: CommandLine) -> None:
    outcome = rootsweep(*JSON, "--from", run, key_id_of("000000000042"))
    assert (outcome.code, answer_of(outcome)["message"]) == (3, "None of the runs has account 000000000042.")


def test_a_run_that_saw_slots_alone_does_not_know_the_ids(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    by_role = ("--organization", "--access", "role", "--role-name", "RootAudit")
    run = save_run(keyed, rootsweep, "roles.json", *by_role)
    account_id, key_id = members(keyed, "Active")[0]
    outcome = rootsweep(*JSON, "--from", run, key_id)
    answer = answer_of(outcome)
    assert (outcome.code, answer["root_key"], answer["account_id"]) == (3, "unknown", account_id)
    assert "no root session saw the ids" in answer["message"]
    clean, _ = members(keyed, None)[0]
    outcome = rootsweep(*JSON, "--from", run, key_id_of(clean))
    assert (outcome.code, answer_of(outcome)["root_key"]) == (0, "no")


def test_aws_knows_more_than_an_older_run(keyed: Emulator, run: str, rootsweep: CommandLine) -> None:
    account_id, key_id = members(keyed, "Active")[0]
    keyed.control.delete_root_key(account_id, key_id)
    keyed.control.advance(60)
    outcome = rootsweep(*ROOT_SESSION, "--from", run, key_id)
    answer = answer_of(outcome)
    assert (outcome.code, answer["root_key"], answer["source"]["kind"]) == (0, "no", "aws")
    assert "was deleted since" in answer["message"]
    assert answer["account_name"] == keyed.world.account(account_id).name


def test_where_aws_refuses_a_run_stands_and_the_refusal_is_told(keyed: Emulator, run: str, rootsweep: CommandLine) -> None:
    keyed.control.add_fault(Rule(DenyAccess(), "sts", "AssumeRoot"))
    clean, _ = members(keyed, None)[0]
    outcome = rootsweep(*ROOT_SESSION, "--from", run, members(keyed, "Active")[0][1], key_id_of(clean))
    root, none = answers_of(outcome)
    assert (outcome.code, root["root_key"], none["root_key"]) == (1, "yes", "no")
    assert "allow sts:AssumeRoot" in root["advice"]
    assert rootsweep(*ROOT_SESSION, "--from", run, key_id_of(clean)).code == 3


def test_of_two_runs_the_newer_decides(keyed: Emulator, run: str, rootsweep: CommandLine) -> None:
    account_id, key_id = members(keyed, "Active")[0]
    keyed.control.delete_root_key(account_id, key_id)
    keyed.control.advance(60)
    newer = save_run(keyed, rootsweep, "newer.json", "--organization")
    for runs in (["--from", run, "--from", newer], ["--from", newer, "--from", run]):
        answer = answer_of(rootsweep(*JSON, *runs, key_id))
        assert (answer["root_key"], answer["source"]["path"]) == ("no", newer)


def test_a_run_in_the_encoding_of_windows_powershell(keyed: Emulator, run: str, rootsweep: CommandLine) -> None:
    path = rootsweep.folder / "utf-16.json"
    path.write_text(Path(run).read_text(encoding="utf-8"), encoding="utf-16")
    assert rootsweep(*JSON, "--from", str(path), members(keyed, "Active")[0][1]).code == 1


NO_RUNS = {
    "empty": "",
    "text": SECRET,
    "array": json.dumps([SECRET]),
    "other contract": json.dumps({"schema": "rootsweep.whose/1", "keys": [{"secret": SECRET}]}),
    "deep": "[" * 100_000,
    "half": '{"schema": "rootsweep.audit/1", "accounts": [{"account_id": "' + SECRET,
}


@pytest.mark.parametrize("name", NO_RUNS)
def test_what_is_no_run_is_refused_in_one_sentence(rootsweep: CommandLine, name: str) -> None:
    outcome = rootsweep("whose", ID, "--from", rootsweep.save(f"{name}.json", NO_RUNS[name]))
    assert_one_sentence(outcome, 2, f"{name}.json is no run of `rootsweep audit --format json`")
    assert_no_part_of_a_secret(outcome)


def test_a_wrong_value_in_a_run_is_not_repeated(run: str, rootsweep: CommandLine) -> None:
    text = Path(run).read_text(encoding="utf-8").replace('"verdict": "COMPLIANT"', f'"verdict": "{SECRET}"', 1)
    outcome = rootsweep("whose", ID, "--from", rootsweep.save("wrong.json", text))
    assert_one_sentence(outcome, 2, "wrong.json is no run")
    assert_no_part_of_a_secret(outcome)


@pytest.mark.parametrize("path", ["missing.json", ".", "nul\0byte"])
def test_a_run_that_cannot_be_read(rootsweep: CommandLine, path: str) -> None:
    assert_one_sentence(rootsweep("whose", ID, "--from", path), 2, "cannot be read")
