"""``rootsweep whose`` on ids and on any text: what it tells by itself, and that it repeats nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.whose.asking import (
    GITHUB,
    ID,
    JSON,
    LATER,
    OLD,
    PEM,
    PROGRAM,
    SECRET,
    SLACK,
    TOKEN,
    CallAs,
    answer_of,
    answers_of,
    assert_no_part_of_a_secret,
    assert_one_sentence,
    read_text,
)
from tests.key_ids import key_id_of


def test_an_id_alone_tells_its_account(rootsweep: CommandLine) -> None:
    first, session = key_id_of("111122223333"), key_id_of("222233334444", 1, "ASIA")
    outcome = rootsweep(*JSON, session, first, session)
    assert (outcome.code, outcome.err) == (0, "")
    told = [(one["access_key_id"], one["account_id"], one["kind"], one["root_key"]) for one in answers_of(outcome)]
    assert told == [
        (session, "222233334444", "temporary", "unknown"),
        (first, "111122223333", "long-term", "unknown"),
    ]


def test_an_id_of_the_old_generation_tells_none(rootsweep: CommandLine) -> None:
    outcome = rootsweep(*JSON, OLD)
    assert (outcome.code, answer_of(outcome)["account_id"]) == (3, None)
    table = rootsweep("whose", OLD)
    assert "account unknown" in table.out
    assert "unknown: an id of the old generation does not hold it" in " ".join(table.out.split())


def test_decoding_asks_nothing_of_aws_and_imports_no_sdk(keyed: Emulator, call_as: CallAs) -> None:
    call_as(keyed, "management")
    code = (
        "import sys; from rootsweep.cli import run_command_line; run_command_line(sys.argv[1:]);"
        "print(sorted({'botocore', 'boto3', 'urllib3', 'socket'} & set(sys.modules)), file=sys.stderr)"
    )
    for name in ("json", "table"):
        command = [sys.executable, "-c", code, "whose", "--format", name, key_id_of("111122223333")]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "111122223333" in ran.stdout
        assert ran.stderr == "[]\n"
    assert keyed.control.calls() == 0


TEXTS = {
    "colon": f"{ID}:{SECRET}",
    "equals": f"{ID}={SECRET}",
    "before": f"{SECRET}:{ID}={TOKEN}",
    "credentials file": f"[default]\naws_access_key_id={ID}\naws_secret_access_key = {SECRET}\naws_session_token={TOKEN}\n",
    "environment": f"AWS_ACCESS_KEY_ID={ID}\0AWS_SECRET_ACCESS_KEY={SECRET}\0",
    "csv": f'Access key ID,Secret access key\n{ID},"{SECRET}"\n',
    "gitleaks": json.dumps([{"RuleID": "aws", "Match": ID, "Secret": SECRET, "Line": f"\nid\t{ID}\n{SECRET} {GITHUB}"}]),
    "trufflehog": json.dumps({"DetectorName": "AWS", "Raw": ID, "RawV2": f"{ID}:{SECRET}", "Redacted": ID, "ExtraData": TOKEN}),
    "url": f"https://deploy:hunter2-Tr0ub4dor&3@example.com/?X-Amz-Credential%3D{ID}%2F20261124&token={SLACK}",
    "private key": f"{PEM}\n{ID}\n{PEM}",
    "long line": f"{'x' * 70000}{SECRET} {ID} {SECRET}{'y' * 70000}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_of_a_text_nothing_but_the_ids_is_shown(name: str, tmp_path: Path) -> None:
    saved = tmp_path / "answers.json"
    outcome = read_text(TEXTS[name].encode(), *JSON)
    assert (outcome.code, outcome.err, answer_of(outcome)["access_key_id"]) == (0, "", ID)
    table = read_text(TEXTS[name].encode("utf-16"), "whose", "-")
    assert (table.code, table.out.count(ID)) == (0, 1)
    assert read_text(TEXTS[name].encode(), *JSON, "--output", str(saved)).code == 0
    assert_no_part_of_a_secret(outcome, table.out, table.err, saved.read_text(encoding="utf-8"))
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


@pytest.mark.parametrize(
    "arguments", [("--format", "xml"), ("--from", "missing.json"), ("--access", "own"), ("--access", "role"), ("--output", "/")]
)
def test_no_failure_shows_more(arguments: tuple[str, ...]) -> None:
    outcome = read_text(TEXTS["credentials file"].encode(), "whose", *arguments)
    assert outcome.code in {2, 4}
    assert_no_part_of_a_secret(outcome)


def test_text_without_an_id(rootsweep: CommandLine) -> None:
    outcome = read_text(f"{SECRET}\n{PEM}\n\xff".encode("latin-1"), "whose")
    assert_one_sentence(outcome, 2, "standard input holds no access key id")
    assert_no_part_of_a_secret(outcome)
    assert_one_sentence(read_text(b"", "whose"), 2, "standard input holds no access key id")
    assert rootsweep("whose", "").code == 2


@pytest.mark.parametrize("argument", [SECRET, f"{ID}={SECRET}", ID.lower(), ID[:-1], f"{ID}A", "AIDAQNZGKIQY56JQ7WML"])
def test_an_argument_that_is_no_id_is_not_repeated(rootsweep: CommandLine, argument: str) -> None:
    outcome = rootsweep("whose", ID, argument)
    assert (outcome.code, outcome.out) == (2, "")
    assert "argument 2 is not an access key id" in outcome.err
    assert argument not in outcome.err
    assert_no_part_of_a_secret(outcome)


def test_ids_beside_a_text_keep_their_order() -> None:
    outcome = read_text(f"{ID} {LATER}".encode(), *JSON, LATER, "-", OLD)
    assert [one["access_key_id"] for one in answers_of(outcome)] == [LATER, ID, OLD]


def test_standard_input_that_is_closed() -> None:
    ran = subprocess.run(
        ["sh", "-c", f"exec 0<&-; exec '{sys.executable}' -c '{PROGRAM}' whose"],  # noqa: S607  as a user's shell does
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    assert "standard input holds no access key id" in ran.stderr


def test_a_profile_without_a_question_to_aws(rootsweep: CommandLine) -> None:
    outcome = rootsweep("whose", ID, "--profile", "production")
    assert outcome.code == 2
    assert "add --access root-session" in outcome.err


def test_output_is_written_whole_to_a_file(rootsweep: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    outcome = rootsweep(*JSON, ID, "--output", str(path))
    assert (outcome.code, outcome.out) == (0, "")
    assert json.loads(path.read_text(encoding="utf-8"))["keys"][0]["access_key_id"] == ID
    assert_one_sentence(rootsweep(*JSON, ID, "--output", str(tmp_path / "no" / "folder")), 4, "its folder does not exist")
