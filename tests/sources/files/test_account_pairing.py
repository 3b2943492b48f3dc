"""To which account a summary belongs."""

import pytest

from rootsweep.errors import InputRefusedError
from rootsweep.sources.files.account_pairing import account_of_path

ONE = "111122223333"
TWO = "444455556666"


@pytest.mark.parametrize(
    ("path", "account_ids", "expected"),
    [
        (f"{ONE}.json", [], ONE),
        (f"audit/{ONE}/summary.json", [], ONE),
        (f"audit/{ONE}/{ONE}-summary.json", [], ONE),
        (f"prod-{ONE}_summary.json", [TWO], ONE),
        ("summary.json", [TWO], TWO),
        ("summary.json", [TWO, TWO], TWO),
        (f"{ONE}0/summary-2026.json", [TWO], TWO),
        ("-", [TWO], TWO),
    ],
)
def test_the_path_tells_or_else_the_only_account_asked_for(path: str, account_ids: list[str], expected: str) -> None:
    assert account_of_path(path, account_ids) == expected


@pytest.mark.parametrize(
    ("path", "account_ids", "message"),
    [
        ("summary.json", [], "an account summary does not tell its account"),
        ("summary.json", [ONE, TWO], "an account summary does not tell its account"),
        ("-", [], "an account summary does not tell its account"),
        (f"{ONE}/{TWO}.json", [ONE], f"its path names more than one \\({ONE}, {TWO}\\)"),
        (f"{ONE}-{TWO}.json", [], f"its path names more than one \\({ONE}, {TWO}\\)"),
    ],
)
def test_what_is_ambiguous_is_refused(path: str, account_ids: list[str], message: str) -> None:
    with pytest.raises(InputRefusedError, match=message):
        account_of_path(path, account_ids)
