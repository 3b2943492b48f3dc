"""Asks ``rootsweep whose`` as its user does: ids as arguments, text on standard input, an environment of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from rootsweep.reports.contracts.key_lookup_v1 import json_schema
from rootsweep_emulator import Emulator
from tests.cli.command_line import Outcome
from tests.json_schema import validate
from tests.key_ids import key_id_of

Answer = dict[str, Any]
CallAs = Callable[[Emulator, str], None]
JSON = ("whose", "--format", "json")
ROOT_SESSION = (*JSON, "--access", "root-session", "--timeout", "20s")
OWN = (*JSON, "--access", "own")
OLD = "AKIAIOSFODNN7EXAMPLE"
PROGRAM = "import rootsweep.cli; rootsweep.cli.main()"
ID = key_id_of("111122223333", 7)
LATER = key_id_of("222233334444", 8, "ASIA")
SECRET = "q3Zt/9xKp+Lw0vBnR7sYdUeHcMfGaJ2iOT5kXW8z"
TOKEN = "IQoJb3JpZ2luX2VjEPn9w8Zr5tQmYk2LhVxNdUsBcGaE7fWi4oTpRj6KqX0yMzDlHvS1uCgAbI3eFJ"
PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAz8Jc3nVb7Qw5LmXk0TgRfYpH2uEsDaZo\nxWi6CvNB\n-----END RSA PRIVATE KEY-----"
)
GITHUB, SLACK = "ghp_w9Kx2mVb7Qz4LrTn8YpHs3DfGjCa6EuXoI1B", "xoxb-918273645546-zYxWvUtSrQpOnMlK"
SECRETS = [SECRET, TOKEN, *PEM.split("\n")[1:3], GITHUB, SLACK, "hunter2-Tr0ub4dor&3"]


def answers_of(outcome: Outcome) -> list[Answer]:
    loaded = json.loads(outcome.out)
    validate(loaded, json_schema())
    answers: list[Answer] = loaded["keys"]
    assert loaded["counts"] == {kind: sum(one["root_key"] == kind for one in answers) for kind in ("yes", "no", "unknown")}
    return answers


def answer_of(outcome: Outcome) -> Answer:
    (answer,) = answers_of(outcome)
    return answer


def read_text(text: bytes, *arguments: str) -> Outcome:
    """Run the program as a process of its own, with this text on its standard input."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    ran = subprocess.run(command, input=text, capture_output=True, check=False)
    outcome = Outcome(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    assert "Traceback" not in outcome.out + outcome.err
    return outcome


def members(emulator: Emulator, status: str | None) -> list[tuple[str, str]]:
    """Give the members whose root has a key of this status, each with its key's id; without a status those without a key."""
    found: list[tuple[str, str]] = []
    for account_id in list(emulator.world.accounts)[2:]:
        keys = emulator.control.root_keys(account_id)
        if status is None and not keys:
            found.append((account_id, ""))
        found += [(account_id, key.id) for key in keys if key.status == status]
    return found


def assert_one_sentence(outcome: Outcome, code: int, *parts: str) -> None:
    assert (outcome.code, outcome.out, outcome.err.strip().count("\n")) == (code, "", 0), outcome
    assert [part for part in parts if part not in outcome.err] == []


def assert_no_part_of_a_secret(outcome: Outcome, *further: str) -> None:
    shown = "\n".join([outcome.out, outcome.err, *further])
    parts = {secret[start : start + 8] for secret in SECRETS for start in range(len(secret) - 7)}
    assert [part for part in parts if part in shown] == []
