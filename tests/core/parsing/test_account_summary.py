"""The flag of GetAccountSummary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import AccountSummary
from rootsweep.core.parsing.account_summary import is_account_summary, parse_account_summary, parse_account_summary_line
from rootsweep.errors import InputRefusedError


@given(st.integers())
def test_zero_alone_is_absent(number: int) -> None:
    summary = parse_account_summary({"SummaryMap": {"AccountAccessKeysPresent": number}})
    assert summary == AccountSummary(access_keys_present=number != 0)


@pytest.mark.parametrize(
    ("value", "present"),
    [("0", False), ("1", True), ("-1", True), (" 0 ", False), ("False", False), ("TRUE", True), (True, True)],
)
def test_other_spellings_of_the_flag(value: object, present: bool) -> None:
    assert parse_account_summary({"AccountAccessKeysPresent": value}) == AccountSummary(access_keys_present=present)


@pytest.mark.parametrize("value", [None, 0.0, "", "no", [], {}, "1e1", "\u0661"])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(InputRefusedError, match="not a number"):
        parse_account_summary({"AccountAccessKeysPresent": value})


def test_an_absent_field_is_not_zero() -> None:
    assert parse_account_summary({"SummaryMap": {"Users": 1}}) is None


def test_a_summary_is_told_by_its_names() -> None:
    assert is_account_summary({"SummaryMap": {}})
    assert is_account_summary({"AccountAccessKeysPresent": 0})
    assert not is_account_summary({"Users": 1})


@pytest.mark.parametrize(
    ("line", "present"),
    [
        ('    "AccountAccessKeysPresent": 0,', False),
        ('"AccountAccessKeysPresent":1', True),
        ("'AccountAccessKeysPresent' : 2 ,", True),
        ("AccountAccessKeysPresent=1", True),
        ('C:\\audit\\a.json:7: "AccountAccessKeysPresent": 0,', False),
        ('"AccountAccessKeysPresent": "1"', True),
        ("|  AccountAccessKeysPresent  |  0  |", False),
        ("  AccountAccessKeysPresent: true", True),
    ],
)
def test_a_line_shows_the_flag(line: str, present: bool) -> None:
    assert parse_account_summary_line(line) == AccountSummary(access_keys_present=present)


@pytest.mark.parametrize("line", ["", '"Users": 0,', 'aws iam get-account-summary | grep "AccountAccessKeysPresent"'])
def test_other_lines_say_nothing(line: str) -> None:
    assert parse_account_summary_line(line) is None


@pytest.mark.parametrize(
    "line", ["AccountAccessKeysPresent", '"AccountAccessKeysPresent": 0, "Users": 1', "AccountAccessKeysPresent: 0 1"]
)
def test_a_line_that_is_not_clear_is_refused(line: str) -> None:
    with pytest.raises(InputRefusedError):
        parse_account_summary_line(line)
