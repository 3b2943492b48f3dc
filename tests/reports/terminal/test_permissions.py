"""Commands are folded between their parts."""

import shlex

import pytest

from rootsweep.reports.terminal.permissions import DocumentName, command, write_document
from tests.core.coverage.setups import ODD_ROLE, OWN, ROLE, ROOT_SESSION


def test_a_command_that_fits_stays_on_its_line() -> None:
    assert command("aws", "--one 1", "--two 2") == "aws --one 1 --two 2"


def test_a_long_command_is_folded_between_its_parts_within_80_columns() -> None:
    parts = ["aws x", *(f"--option-{number} {'v' * number}" for number in range(1, 40))]
    folded = command(*parts)
    assert max(len(line) for line in folded.splitlines()) <= 80
    assert folded.replace(" \\\n  ", " ") == " ".join(parts)


@pytest.mark.parametrize("name", DocumentName)
def test_no_value_of_an_option_means_anything_to_a_shell(name: DocumentName) -> None:
    typed = write_document(name, ODD_ROLE, "file").replace("\\\n", "")
    words = shlex.split(typed)
    assert shlex.join(words).replace("'>'", ">").replace("'", "") == " ".join(words)
    assert ODD_ROLE.role_name in words


def test_options_that_are_the_defaults_are_left_out() -> None:
    assert write_document(DocumentName.POLICY, ROOT_SESSION, "f") == "rootsweep permissions --document policy > f"
    assert write_document(DocumentName.POLICY, OWN, "f") == "rootsweep permissions --access own --document policy > f"
    assert write_document(DocumentName.POLICY, ROLE, "f") == "rootsweep permissions --access role --document policy > f"
