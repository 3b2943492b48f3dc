"""The steps for a person: the right ones, in the right order."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest

from rootsweep.cli.commands import rootsweep
from rootsweep.core.evidence import KeyStatus, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.plan import PlannedKey
from rootsweep.core.removal.planning import IRREVERSIBLE, manual_runbook, self_removal_runbook

ACCOUNT = Account("111122223333", "workload", "aws")
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
ACTIVE = PlannedKey(ACCOUNT, KEY_ID, None, KeyStatus.ACTIVE, None, None, NoLastUse.UNKNOWN)
NAMELESS = replace(ACTIVE, id=None, slot=1)
MANAGEMENT = replace(ACTIVE, account=replace(ACCOUNT, is_management_account=True))
GOVCLOUD = replace(ACTIVE, account=replace(ACCOUNT, partition="aws-us-gov"))

LIFT = "lift that first"
LIST = "aws iam list-access-keys"
LAST_USED = "aws iam get-access-key-last-used"
DEACTIVATE = f"aws iam update-access-key --status Inactive --access-key-id {KEY_ID}"
WAIT = "Wait until"
DELETE = f"aws iam delete-access-key --access-key-id {KEY_ID}"
DELETE_ANYWHERE = "aws iam delete-access-key"
SUMMARY = "aws iam get-account-summary"
AUDIT = "rootsweep audit"


def joined(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Give the steps with every command on one line."""
    return tuple(re.sub(r" \\\n +", " ", step) for step in steps)


def places(steps: tuple[str, ...], *words: str) -> list[int]:
    """Give the place of the step that first has each of these words."""
    return [next(place for place, step in enumerate(steps) if word in step) for word in words]


def test_a_person_lifts_looks_deactivates_waits_deletes_and_verifies_in_this_order() -> None:
    steps = joined(manual_runbook(ACTIVE))
    order = places(steps, LIFT, "Sign in", LIST, LAST_USED, "Move what uses it", DEACTIVATE, WAIT, DELETE, SUMMARY)
    assert order == sorted(set(order))
    assert "Security credentials" in " ".join(steps)
    assert "SummaryMap.AccountAccessKeysPresent" in steps[-1]
    assert AUDIT in steps[-1]


def test_no_policy_binds_the_management_account_so_that_none_is_lifted() -> None:
    assert LIFT not in " ".join(manual_runbook(MANAGEMENT))


def test_an_inactive_key_is_not_deactivated() -> None:
    text = "\n".join(manual_runbook(replace(ACTIVE, status=KeyStatus.INACTIVE)))
    assert "update-access-key" not in text
    assert WAIT not in text
    assert DELETE in text


def test_a_key_without_an_id_is_looked_up_before_it_is_named() -> None:
    steps = joined(manual_runbook(NAMELESS))
    assert "take it from this list" in steps[places(steps, LIST)[0]]
    assert KEY_ID not in " ".join(steps)
    assert "--access-key-id KEY_ID" in " ".join(steps)


def test_a_root_key_removes_the_others_first_and_never_deactivates_itself() -> None:
    steps = joined(self_removal_runbook(GOVCLOUD))
    text = "\n".join(steps)
    assert "update-access-key" not in text
    assert "console here" in text
    order = places(steps, LIFT, LIST, "--deactivate all", WAIT, "--delete all --including-own", DELETE_ANYWHERE, SUMMARY)
    assert order == sorted(set(order))
    regions = set(re.findall(r"--region (\S+)", text))
    assert regions == {"us-gov-west-1"}
    assert all("--region" in line for line in text.splitlines() if line.startswith("aws iam"))


@pytest.mark.parametrize("steps", [manual_runbook(ACTIVE), manual_runbook(NAMELESS), self_removal_runbook(GOVCLOUD)])
def test_what_cannot_be_undone_is_said_where_it_is_done(steps: tuple[str, ...]) -> None:
    assert (
        IRREVERSIBLE
        in steps[places(steps, "delete-access-key" if "aws login" in " ".join(steps) else "Delete the other keys")[0]]
    )


def commands() -> list[list[str]]:
    steps = "\n".join(joined((*manual_runbook(ACTIVE), *self_removal_runbook(GOVCLOUD))))
    return [line.split() for line in steps.splitlines() if line.startswith("aws ") and line != "aws login"]


def own_commands() -> list[list[str]]:
    steps = "\n".join(joined((*manual_runbook(ACTIVE), *self_removal_runbook(GOVCLOUD))))
    return [line.split()[1:] for line in steps.splitlines() if line.startswith("rootsweep ")]


@pytest.mark.parametrize("arguments", own_commands(), ids=" ".join)
def test_every_command_of_rootsweep_is_one_that_it_takes(arguments: list[str]) -> None:
    name, *rest = arguments
    command = rootsweep.get_command(click.Context(rootsweep), name)
    assert command is not None
    command.make_context(name, rest)


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_one_that_aws_takes(command: list[str], tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("aws")
    nowhere = ["--endpoint-url", "http://127.0.0.1:9", "--no-sign-request", "--cli-connect-timeout", "1"]
    environment = {"HOME": str(tmp_path), "PATH": "", "AWS_MAX_ATTEMPTS": "1", "AWS_DEFAULT_REGION": "us-east-1"}
    result = subprocess.run(
        [sys.executable, program, *command[1:], *nowhere], env=environment, capture_output=True, text=True, check=False
    )
    assert "Could not connect to the endpoint" in result.stderr, result.stderr
