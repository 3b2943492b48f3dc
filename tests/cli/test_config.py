"""rootsweep.toml gives the options that a command line does not, and every error in it names its line."""

import json
from pathlib import Path

import click
import pytest

from rootsweep.cli.commands import rootsweep as program
from rootsweep.cli.config import settings_schema
from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine
from tests.json_schema import validator

CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
INACTIVE = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_last_rotated="2021-05-17T14:03:27Z")])


@pytest.fixture(autouse=True)
def folder_of_the_user(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rootsweep.folder)


def test_options_come_from_the_nearest_file(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    report = rootsweep.save("report.csv", INACTIVE)
    rootsweep.save("rootsweep.toml", f'[audit]\nfrom = ["{report}"]\ninactive-keys = "allow"\nformat = "json"\n')
    deep = rootsweep.folder / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    outcome = rootsweep("audit")
    assert (outcome.code, outcome.verdicts) == (0, {saved_files.ACCOUNT: "COMPLIANT"})


def test_the_command_line_and_the_environment_outrank_the_file(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    report = rootsweep.save("report.csv", INACTIVE)
    rootsweep.save("rootsweep.toml", '[audit]\ninactive-keys = "allow"\n')
    assert rootsweep("audit", "--from", report).code == 0
    assert rootsweep("audit", "--from", report, "--inactive-keys", "fail").code == 1
    assert rootsweep("audit", "--from", report, "--config", "none").code == 1
    other = rootsweep.save("other.toml", '[audit]\ninactive-keys = "fail"\n')
    assert rootsweep("audit", "--from", report, "--config", other).code == 1
    monkeypatch.setenv("ROOTSWEEP_CONFIG", other)
    assert rootsweep("audit", "--from", report).code == 1


def test_formats_and_outputs_of_the_file_are_pairs_in_their_order(rootsweep: CommandLine) -> None:
    report = rootsweep.save("report.csv", CLEAN)
    rootsweep.save("rootsweep.toml", '[audit]\nformat = ["json", "csv", "table"]\noutput = ["a.json", "b.csv"]\n')
    outcome = rootsweep("audit", "--from", report)
    assert "1 of 1 account proven" in outcome.out
    assert json.loads(Path("a.json").read_text("utf-8"))["schema"] == "rootsweep.audit/1"
    assert Path("b.csv").read_text("utf-8").startswith('"account_id",')
    Path("a.json").unlink()
    assert rootsweep("audit", "--from", report, "--format", "json").out.startswith("{")
    assert not Path("a.json").exists()


def test_a_command_line_may_send_the_only_format_of_the_file_elsewhere(rootsweep: CommandLine) -> None:
    report = rootsweep.save("report.csv", CLEAN)
    rootsweep.save("rootsweep.toml", '[audit]\nformat = "json"\n')
    assert rootsweep("audit", "--from", report, "--output", "a.json").out == ""
    assert json.loads(Path("a.json").read_text("utf-8"))["schema"] == "rootsweep.audit/1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("audit = 3", "rootsweep.toml:1: audit: this is no table; write [audit]"),
        ('\n[audit]\nfrmat = "json"', "rootsweep.toml:3: audit.frmat: there is no such option; did you mean format?"),
        ('[audit]\nworkers = "x"', "rootsweep.toml:2: audit.workers: must be a number"),
        ("[audit]\nworkers = 0", "rootsweep.toml:2: audit.workers: 0 is not in the range 1<=x<=1024"),
        ('[audit]\nmax-age = "x"', "rootsweep.toml:2: audit.max-age: 'x' is not a duration"),
        (
            "[audit]\naccount = [12345678901]",
            "rootsweep.toml:2: audit.account: 12345678901 is not an AWS account id (12 digits)",
        ),
        ('[audit]\norganization = "yes"', "rootsweep.toml:2: audit.organization: must be true or false"),
        ('[audit]\nformat = ["json", "xls"]', "rootsweep.toml:2: audit.format: 'xls' is not one of"),
        ('[audit]\nframework = "HIPAA"', "rootsweep.toml:2: audit.framework: 'HIPAA' is no framework"),
        ("[audti]", "rootsweep.toml:1: audti: there is no such table; did you mean audit?"),
        ("[audit", "is not TOML: Expected ']'"),
        ("[[exceptions]]\n", "rootsweep.toml:1: exceptions[1]: Object missing required field `account`"),
    ],
)
def test_an_error_names_the_line_and_the_key(rootsweep: CommandLine, text: str, sentence: str) -> None:
    report = rootsweep.save("report.csv", CLEAN)
    rootsweep.save("rootsweep.toml", text)
    for arguments in (["audit", "--from", report], ["config", "check"]):
        outcome = rootsweep(*arguments)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
        assert sentence in outcome.err


def test_account_ids_may_be_numbers_and_lists_may_be_files(rootsweep: CommandLine) -> None:
    report = rootsweep.save("report.csv", CLEAN)
    others = rootsweep.save("others.csv", "Name,Account ID\r\ndev,444455556666\r\n")
    rootsweep.save("rootsweep.toml", f"[audit]\naccount = [111122223333, {others!r}]\n")
    outcome = rootsweep("audit", "--from", report, "--format", "json")
    assert outcome.verdicts == {"111122223333": "COMPLIANT", "444455556666": "INSUFFICIENT_DATA"}
    assert outcome.err.count("names 1 account\n") == 1


def test_no_file_gives_the_word_of_a_person(rootsweep: CommandLine) -> None:
    rootsweep.save("rootsweep.toml", f'[apply]\nconfirm = "{"0" * 64}"\n')
    outcome = rootsweep("apply", "plan.json")
    assert outcome.code == 2
    assert "rootsweep.toml:2: apply.confirm: no file can give a person's word" in outcome.err


def test_a_file_that_is_named_has_to_be_there(rootsweep: CommandLine) -> None:
    outcome = rootsweep("explain", "--config", "missing.toml")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "cannot read missing.toml: No such file or directory" in outcome.err


def test_a_sound_file_is_told_to_be_so(rootsweep: CommandLine) -> None:
    assert rootsweep("config", "check").code == 2
    rootsweep.save("rootsweep.toml", '[audit]\norganization = true\n[plan]\nmin-idle = "30d"\n')
    outcome = rootsweep("config", "check")
    assert (outcome.code, outcome.err) == (0, "")
    assert "rootsweep.toml is sound, 0 exception(s)" in outcome.out


def schema_of(rootsweep: CommandLine) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(rootsweep("config", "schema").out)
    return loaded


def test_the_schema_knows_every_option_and_no_more(rootsweep: CommandLine) -> None:
    assert isinstance(program, click.Group)
    schema = schema_of(rootsweep)
    assert schema == settings_schema(program)
    its_validator = validator(json.dumps(schema))
    sound = {"audit": {"organization": True, "format": ["json", "html"], "workers": 8, "account": "111122223333"}}
    assert its_validator.is_valid(sound)
    wrongs: list[dict[str, dict[str, object]]] = [
        {"audti": {}},
        {"audit": {"workers": 0}},
        {"audit": {"frmat": "json"}},
        {"apply": {"confirm": "x"}},
    ]
    for wrong in wrongs:
        assert not its_validator.is_valid(wrong), wrong
