"""``rootsweep whose --access`` over real HTTP: what AWS tells of root's keys, and what it refuses to tell."""

from datetime import datetime
from pathlib import Path

import pytest

from rootsweep_emulator import DenyAccess, Emulator, Refuse, Rule, SessionOf, load_scenario
from tests.cli.command_line import CommandLine
from tests.cli.whose.asking import (
    ID,
    OLD,
    OWN,
    ROOT_SESSION,
    CallAs,
    answer_of,
    answers_of,
    assert_one_sentence,
    members,
)
from tests.key_ids import key_id_of


def test_a_root_key_is_found_with_everything_that_is_known(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    account_id, key_id = members(keyed, "Active")[0]
    keyed.control.record_root_key_use(account_id, key_id, age=3600, region="eu-west-1", service="ec2")
    outcome = rootsweep(*ROOT_SESSION, key_id)
    answer = answer_of(outcome)
    assert (outcome.code, outcome.err) == (1, "")
    assert (answer["root_key"], answer["account_id"], answer["status"]) == ("yes", account_id, "ACTIVE")
    assert (answer["last_used"]["region"], answer["last_used"]["service"]) == ("eu-west-1", "ec2")
    assert answer["source"] == {"kind": "aws", "path": None, "access": "root-session"}
    assert datetime.fromisoformat(answer["created_at"]) < datetime.fromisoformat(answer["as_of"])
    assert keyed.control.calls("iam", "GetAccountSummary") == keyed.control.calls("iam", "GetCredentialReport") == 0


def test_each_account_is_entered_once_and_each_id_answered(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    account_id, inactive = members(keyed, "Inactive")[0]
    clean, _ = members(keyed, None)[0]
    ids = [key_id_of(clean), inactive, key_id_of(account_id), key_id_of(account_id, 9, "ASIA"), key_id_of(clean, 2, "ASIA")]
    outcome = rootsweep(*ROOT_SESSION, *ids)
    told = [(one["access_key_id"], one["root_key"]) for one in answers_of(outcome)]
    assert told == list(zip(ids, ["no", "yes", "no", "unknown", "unknown"], strict=True))
    assert outcome.code == 1
    assert keyed.control.calls("sts", "AssumeRoot") == 2
    assert rootsweep(*ROOT_SESSION, ids[0], ids[2]).code == 0
    assert rootsweep(*ROOT_SESSION, ids[0], ids[3]).code == 3


@pytest.mark.parametrize("old_key_id", [False, True])
def test_the_list_of_another_account_answers_nothing(
    keyed: Emulator, call_as: CallAs, rootsweep: CommandLine, old_key_id: bool
) -> None:
    call_as(keyed, "management")
    account_id, key_id = members(keyed, "Active")[0]
    clean, _ = members(keyed, None)[0]
    keyed.control.add_fault(Rule(SessionOf(clean, old_key_id), "sts", "AssumeRoot", account_id))
    outcome = rootsweep(*ROOT_SESSION, key_id)
    answer = answer_of(outcome)
    assert (outcome.code, answer["root_key"]) == (3, "unknown")
    assert "session of another account" in answer["message"]


def test_no_account_is_entered_for_a_temporary_key_alone(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    assert rootsweep(*ROOT_SESSION, key_id_of(members(keyed, None)[0][0], prefix="ASIA")).code == 3
    assert keyed.control.calls("sts", "AssumeRoot") == 0


def test_a_deleted_root_key_is_none_any_more(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    account_id, key_id = members(keyed, "Active")[0]
    keyed.control.delete_root_key(account_id, key_id)
    outcome = rootsweep(*ROOT_SESSION, key_id)
    assert (outcome.code, answer_of(outcome)["root_key"]) == (0, "no")


def test_a_refused_session_is_a_line_with_the_advice(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    (account_id, _), (other, _) = members(keyed, None)[:2]
    keyed.control.add_fault(Rule(DenyAccess(), "sts", "AssumeRoot", account=account_id))
    ids = key_id_of(account_id), key_id_of(other)
    outcome = rootsweep(*ROOT_SESSION, *ids)
    refused, answered = answers_of(outcome)
    assert (outcome.code, refused["root_key"], answered["root_key"]) == (3, "unknown", "no")
    assert "sts:AssumeRoot" in refused["message"]
    assert refused["advice"].startswith("allow sts:AssumeRoot")
    table = rootsweep("whose", "--access", "root-session", *ids)
    assert "allow sts:AssumeRoot" in " ".join(table.out.split())


def test_an_account_outside_the_organization(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    outcome = rootsweep(*ROOT_SESSION, key_id_of("000000000042"))
    answer = answer_of(outcome)
    assert (outcome.code, answer["account_id"], answer["root_key"]) == (3, "000000000042", "unknown")
    assert answer["advice"]


def test_centralized_root_access_that_is_off(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    keyed.control.set_features("management")
    outcome = rootsweep(*ROOT_SESSION, members(keyed, "Active")[0][1])
    assert (outcome.code, "enable-organizations-root-credentials-management" in answer_of(outcome)["advice"]) == (3, True)


def test_troubles_that_pass_change_nothing(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    for service in ("sts", "iam"):
        keyed.control.add_fault(Rule(Refuse("Throttling", "Rate exceeded"), service, times=3))
    assert rootsweep(*ROOT_SESSION, members(keyed, "Active")[0][1]).code == 1


def test_the_last_use_that_cannot_be_read_is_unknown(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    keyed.control.add_fault(Rule(DenyAccess(), "iam", "GetAccessKeyLastUsed"))
    answer = answer_of(rootsweep(*ROOT_SESSION, members(keyed, "Active")[0][1]))
    assert (answer["root_key"], answer["last_used"], answer["last_used_status"]) == ("yes", None, "unknown")


def test_govcloud_has_no_root_sessions(demo: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(demo, "govcloud")
    answer = answer_of(rootsweep(*ROOT_SESSION, key_id_of("111122223333")))
    assert (answer["root_key"], "has no root sessions" in answer["advice"]) == ("unknown", True)
    assert demo.control.calls("sts", "AssumeRoot") == 0


def test_root_lists_its_own_keys(demo: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(demo, "caller-is-root")
    account = demo.world.account("caller-is-root").id
    (key,) = demo.control.root_keys("caller-is-root")
    for arguments in (OWN, ROOT_SESSION):
        outcome = rootsweep(*arguments, key.id, key_id_of(account))
        own, other = answers_of(outcome)
        assert (outcome.code, own["root_key"], other["root_key"]) == (1, "yes", "no")
        assert own["source"]["access"] == "root"
    assert demo.control.calls("sts", "AssumeRoot") == 0


def test_a_root_key_that_calls_is_one_whatever_is_refused(demo: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(demo, "caller-is-root")
    demo.control.add_fault(Rule(DenyAccess(), "iam"))
    (key,) = demo.control.root_keys("caller-is-root")
    outcome = rootsweep(*OWN, key.id, key_id_of(demo.world.account("caller-is-root").id))
    assert (outcome.code, [one["root_key"] for one in answers_of(outcome)]) == (1, ["yes", "unknown"])


def test_a_caller_that_is_not_root_knows_only_that_there_is_no_key(
    demo: Emulator, call_as: CallAs, rootsweep: CommandLine
) -> None:
    call_as(demo, "clean")
    outcome = rootsweep(*OWN, key_id_of("111122223333"))
    assert (outcome.code, answer_of(outcome)["root_key"]) == (0, "no")
    call_as(demo, "active")
    outcome = rootsweep(*OWN, key_id_of("222233334444"))
    assert (outcome.code, answer_of(outcome)["root_key"]) == (3, "unknown")
    call_as(demo, "permission-missing")
    outcome = rootsweep(*OWN, key_id_of("777788889999"))
    assert (outcome.code, answer_of(outcome)["root_key"]) == (3, "unknown")
    assert "allow iam:GetAccountSummary" in answer_of(outcome)["advice"]


def test_another_account_than_that_of_the_credentials(demo: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(demo, "clean")
    outcome = rootsweep(*OWN, key_id_of("222233334444"))
    answer = answer_of(outcome)
    assert (outcome.code, answer["root_key"]) == (3, "unknown")
    assert "the credentials are of account 111122223333" in answer["message"]
    assert demo.control.calls("iam") == 0


def test_an_old_id_among_the_keys_of_root_itself(demo: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(demo, "caller-is-root")
    outcome = rootsweep(*OWN, OLD)
    assert (outcome.code, answer_of(outcome)["root_key"], demo.control.calls("iam", "ListAccessKeys")) == (3, "unknown", 1)


@pytest.mark.parametrize("access", ["own", "root-session"])
def test_aws_cannot_be_asked_at_all(rootsweep: CommandLine, access: str) -> None:
    assert_one_sentence(rootsweep("whose", ID, "--access", access), 4, "no AWS credentials were found")


def test_a_profile_that_does_not_exist(rootsweep: CommandLine) -> None:
    outcome = rootsweep("whose", ID, "--access", "own", "--profile", "nobody")
    assert_one_sentence(outcome, 2, "no profile 'nobody'")


def test_no_secret_of_the_callers_is_shown(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    call_as(keyed, "management")
    secret = keyed.credentials("management").secret_access_key
    for arguments in (ROOT_SESSION, ("whose", "--access", "root-session")):
        outcome = rootsweep(*arguments, members(keyed, "Active")[0][1])
        assert secret not in outcome.out + outcome.err


def test_china_has_no_root_user_and_no_root_sessions(tmp_path: Path, call_as: CallAs, rootsweep: CommandLine) -> None:
    scenario = tmp_path / "china.toml"
    scenario.write_text(
        '[[account]]\nid = "111122223333"\nname = "beijing"\npartition = "aws-cn"\ncaller = "user/auditor"\n'
        '[[account.user]]\nname = "auditor"\n',
        encoding="utf-8",
    )
    with Emulator(load_scenario(scenario)) as emulator:
        call_as(emulator, "beijing")
        outcome = rootsweep(*ROOT_SESSION, key_id_of("222233334444"))
    assert (outcome.code, "partition aws-cn has no root sessions" in answer_of(outcome)["advice"]) == (3, True)


def test_the_management_account_is_entered_by_no_root_session(keyed: Emulator, call_as: CallAs, rootsweep: CommandLine) -> None:
    management = keyed.world.account("management").id
    call_as(keyed, "security")
    answer = answer_of(rootsweep(*ROOT_SESSION, key_id_of(management)))
    assert answer["root_key"] == "unknown"
    assert "credentials of its root user and --access own" in answer["advice"]
    assert "sts:AssumeRoot" not in answer["advice"]
    assert keyed.control.calls("sts", "AssumeRoot") == 0
