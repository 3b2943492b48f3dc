"""``rootsweep permissions``: documents to pipe, a page to follow, and one sentence for what makes no sense."""

import json
import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml  # type: ignore[import-untyped]

from rootsweep.cli.audit import command as audit
from rootsweep_emulator import Emulator, load_scenario
from tests.cli.command_line import CommandLine
from tests.cli.quarantine.case import Case, call_as
from tests.core.coverage.setups import PARTITIONS_TRIED, TRUSTED

AWS = Path(sys.executable).with_name("aws")
ROLE = ("--access", "role", "--trusted", TRUSTED)


@pytest.mark.parametrize("arguments", [(), ("--access", "own"), ROLE], ids=["root-session", "own", "role"])
def test_the_policy_alone_is_json(rootsweep: CommandLine, arguments: tuple[str, ...]) -> None:
    done = rootsweep("permissions", *arguments, "--document", "policy")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["Version"] == "2012-10-17"


def test_the_policy_for_a_role_needs_no_auditing_account(rootsweep: CommandLine) -> None:
    done = rootsweep("permissions", "--access", "role", "--role-name", "Auditor", "--document", "policy")
    assert json.loads(done.out)["Statement"][0]["Resource"] == "arn:aws:iam::*:role/Auditor"


@pytest.mark.parametrize("partition", PARTITIONS_TRIED)
@pytest.mark.parametrize("name", ["policy", "trust-policy", "role-policy"])
def test_the_policies_of_a_role_are_json_of_their_partition(rootsweep: CommandLine, name: str, partition: str) -> None:
    done = rootsweep("permissions", *ROLE, "--partition", partition, "--document", name)
    assert json.loads(done.out)["Statement"]
    assert done.out.count("arn:") == done.out.count(f"arn:{partition}:")


def test_the_template_is_yaml(rootsweep: CommandLine) -> None:
    done = rootsweep("permissions", *ROLE, "--external-id", "a:b", "--document", "stackset")
    assert cfn_yaml.loads(done.out)["Parameters"]["ExternalId"]["Default"] == "a:b"


def test_an_account_id_is_taken_as_the_console_shows_it(rootsweep: CommandLine) -> None:
    done = rootsweep("permissions", "--access", "role", "--trusted", "1111-2222-3333", "--document", "trust-policy")
    assert json.loads(done.out)["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{TRUSTED}:root"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--partition", "aws-us-gov"), "no centralized root access that reads credentials; use --access role"),
        (("--partition", "aws-cn"), "aws-cn has no root user, hence no root sessions; there is nothing to set up"),
        (("--access", "role"), "has to trust the account that audits; name it with --trusted"),
        (("--access", "role", "--document", "stackset"), "name it with --trusted"),
        (("--trusted", TRUSTED), "--trusted has no meaning with --access root-session"),
        (("--access", "own", "--role-name", "x"), "--role-name has no meaning with --access own"),
        (("--external-id", "xyz"), "--external-id has no meaning with --access root-session"),
        (("--document", "trust-policy"), "--document trust-policy belongs to the role"),
        ((*ROLE, "--role-name", "path/name"), "'path/name' is not the name of a role"),
        ((*ROLE, "--role-name", "x" * 65), "is not the name of a role"),
        ((*ROLE, "--role-name", "ä"), "is not the name of a role"),
        ((*ROLE, "--external-id", "x"), "this is not an external id"),
        ((*ROLE, "--external-id", "two words"), "this is not an external id"),
        ((*ROLE, "--external-id", "x" * 1225), "this is not an external id"),
        (("--access", "role", "--trusted", "1234"), "'1234' is not an AWS account id"),
    ],
)
def test_what_makes_no_sense_gets_one_sentence(rootsweep: CommandLine, arguments: tuple[str, ...], words: str) -> None:
    done = rootsweep("permissions", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


@pytest.mark.parametrize("arguments", [(), ("--access", "own"), ROLE], ids=["root-session", "own", "role"])
def test_the_page_holds_the_documents_as_they_are_printed_alone(rootsweep: CommandLine, arguments: tuple[str, ...]) -> None:
    page = rootsweep("permissions", *arguments).out
    names = ["policy", "trust-policy", "role-policy", "stackset"] if arguments == ROLE else ["policy"]
    for name in names:
        assert rootsweep("permissions", *arguments, "--document", name).out in page


def test_the_page_on_root_sessions_names_the_order_and_the_clause(rootsweep: CommandLine) -> None:
    page = rootsweep("permissions").out
    steps = [
        "aws organizations enable-aws-service-access",
        "aws iam enable-organizations-root-credentials-management",
        "aws organizations register-delegated-administrator",
    ]
    assert sorted(page.index(step) for step in steps) == [page.index(step) for step in steps]
    assert '"aws:AssumedRoot": "true"' in page


def test_the_page_on_a_role_says_what_a_stack_set_does_not_reach(rootsweep: CommandLine) -> None:
    page = " ".join(rootsweep("permissions", *ROLE).out.split())
    assert "the management account never does, for StackSets do not reach it" in page
    assert f"unless it is {TRUSTED} itself" in page


def test_the_china_regions_have_no_stack_set_of_an_organization(rootsweep: CommandLine) -> None:
    page = rootsweep("permissions", *ROLE, "--partition", "aws-cn").out
    assert "aws cloudformation deploy" in page
    assert "create-stack-set" not in page
    assert "NOT_APPLICABLE" in page


@pytest.mark.parametrize("partition", PARTITIONS_TRIED)
def test_prose_and_commands_fit_80_columns(rootsweep: CommandLine, partition: str) -> None:
    page = rootsweep("permissions", *ROLE, "--partition", partition, "--external-id", "0123456789" * 3).out
    assert [line for line in page.splitlines() if len(line) > 80] == []


def typed_commands(page: str) -> list[list[str]]:
    """Give the words of each command of a page."""
    lines = page.replace("\\\n", "").splitlines()
    return [shlex.split(line) for line in lines if line.startswith(("aws ", "rootsweep "))]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [((), 5), (("--access", "own"), 1), ((*ROLE, "--external-id", "a:b"), 6), ((*ROLE, "--partition", "aws-cn"), 4)],
    ids=["root-session", "own", "role", "role in China"],
)
def test_the_commands_of_the_page_are_taken(rootsweep: CommandLine, arguments: tuple[str, ...], count: int) -> None:
    """The documents are written as the page says; the AWS CLI checks its commands before it finds nobody to send them to."""
    rootsweep.save("your-policy.json", "{}")
    sent = 0
    for words in typed_commands(rootsweep("permissions", *arguments).out):
        if words[0] == "aws":
            assert "Could not connect to the endpoint URL" in aws(rootsweep.folder, *words[1:])
            sent += 1
        elif words[1] == "audit":
            audit.make_context("audit", words[2:])
        else:
            call, path = (words[1:-2], words[-1]) if ">" in words else (words[1:], "unnamed")
            done = rootsweep(*call)
            assert done.code == 0, done.err
            rootsweep.save(path, done.out)
    assert sent == count


def aws(folder: Path, *arguments: str) -> str:
    """Run the AWS CLI where nothing listens, and give what it complains of."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_MAX_ATTEMPTS": "1",
    }
    command = [sys.executable, str(AWS), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("purpose", ["apply", "quarantine"])
def test_the_policy_of_a_removal_is_printed_alone(rootsweep: CommandLine, purpose: str) -> None:
    outcome = rootsweep("permissions", "--for", purpose)
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)["Version"] == "2012-10-17"
    refused = rootsweep("permissions", "--for", purpose, "--access", "own")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--for", "apply", "--partition", "aws-us-gov"), "no centralized root access that deletes credentials; use rootsweep"),
        (
            ("--for", "apply", "--partition", "aws-cn"),
            "aws-cn has no root user, hence no root keys to remove; there is nothing",
        ),
        (("--for", "quarantine", "--partition", "aws-cn"), "aws-cn has no root user, hence no root keys to quarantine; there"),
    ],
)
def test_a_removal_that_its_partition_does_not_have_gets_one_sentence(
    rootsweep: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    done = rootsweep("permissions", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words in done.err


def test_a_quarantine_works_under_the_policy_that_is_printed(
    rootsweep: CommandLine, organization: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator compares the actions of an identity policy alone: what they act on is compared with the reference."""
    organization.control.set_service_control_policies("management", enabled=True)
    case = Case(organization, rootsweep.folder)
    allow_alone(organization, json.loads(rootsweep("permissions", "--for", "quarantine").out))
    call_as("management", organization, monkeypatch)
    for what in ("on", "lift"):
        done = rootsweep("quarantine", what, str(case.path), "--confirm", case.digest, "--timeout", "5s")
        assert (done.code, done.err) == (0, "")
    done = rootsweep("quarantine", "lift", str(case.path), "--confirm", case.digest, "--timeout", "5s", "--delete-policy")
    assert (done.code, case.policy()) == (0, None)


@pytest.mark.parametrize(("purpose", "role"), [("audit", "RootAudit"), ("quarantine", "RootQuarantine")])
def test_the_roles_of_the_demonstration_are_those_that_are_printed(rootsweep: CommandLine, purpose: str, role: str) -> None:
    world = load_scenario("organization")
    trusted = world.account("management").id
    options = ("--for", purpose, "--access", "role", "--trusted", trusted, "--document")
    (statement,) = json.loads(rootsweep("permissions", *options, "role-policy").out)["Statement"]
    shown = world.account("payments-prod").role(role)
    assert shown is not None
    assert (set(shown.actions), trusted in shown.trusts) == (set(statement["Action"]), True)
    assert f"role/{role}" in rootsweep("permissions", *options, "policy").out
    template = rootsweep("permissions", *options, "stackset").out
    assert [action for action in shown.actions if f"- {action}\n" not in template] == []


def test_the_auditor_of_the_demonstration_may_do_what_is_printed(rootsweep: CommandLine) -> None:
    statements = json.loads(rootsweep("permissions", "--document", "policy").out)["Statement"]
    actions = [statement["Action"] for statement in statements]
    printed = {action for one in actions for action in ([one] if isinstance(one, str) else one)}
    (auditor,) = load_scenario("organization").account("security").users
    assert set(auditor.actions) == printed


def test_status_works_under_the_policies_that_are_printed(
    rootsweep: CommandLine, organization: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization.control.set_service_control_policies("management", enabled=True)
    case = Case(organization, rootsweep.folder)
    allow_alone(organization, json.loads(rootsweep("permissions", "--for", "quarantine", "--access", "role").out))
    call_as("management", organization, monkeypatch)
    done = rootsweep("quarantine", "on", str(case.path), "--confirm", case.digest, "--timeout", "5s")
    assert (done.code, done.err) == (0, "")
    done = rootsweep("quarantine", "status", str(case.path), "--role-name", "RootQuarantine")
    assert (done.code, done.err) == (0, "")
    assert "0 calls denied" in done.out


def allow_alone(organization: Emulator, document: dict[str, Any]) -> None:
    """Let the management account's user do what a policy allows, and nothing else."""
    actions = [statement["Action"] for statement in document["Statement"]]
    allowed = {action for one in actions for action in ([one] if isinstance(one, str) else one)}
    management = organization.world.account("management")
    management.users = tuple(replace(user, actions=tuple(allowed)) for user in management.users)
