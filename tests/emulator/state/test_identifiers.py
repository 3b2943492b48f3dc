import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep_emulator.state.identifiers import account_of, lower_id, old_id, unique_id

ACCOUNTS = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}")


@given(ACCOUNTS, st.sampled_from(["AKIA", "ASIA", "AIDA", "AROA"]), st.integers())
def test_an_id_holds_its_account(account: str, prefix: str, part: int) -> None:
    made = unique_id(prefix, account, part)  # type: ignore[arg-type]  # the prefixes are drawn from the four
    assert re.fullmatch(prefix + "[A-Z2-7]{16}", made)
    assert account_of(made) == account
    assert made == unique_id(prefix, account, part)  # type: ignore[arg-type]  # the same


@given(st.sampled_from(["AKIA", "ASIA"]), st.integers())
def test_an_id_of_the_old_generation_holds_none(prefix: str, part: int) -> None:
    made = old_id(prefix, part)  # type: ignore[arg-type]  # the prefixes are drawn from the four
    assert re.fullmatch(prefix + "[IJ][A-Z2-7]{15}", made)
    assert account_of(made) is None


@pytest.mark.parametrize(
    ("key_id", "account"),
    [("ASIAY34FZKBOKMUTVV7A", "609629065308"), ("ASIAQNZGKIQY56JQ7WML", "029608264753")],
)
def test_published_ids_are_read(key_id: str, account: str) -> None:
    assert account_of(key_id) == account


@pytest.mark.parametrize("text", ["", "AKIA", "AKIAIOSFODNN7EXAMPLE", "AKIA0000000000000000", "akiay34fzkbokmutvv7a"])
def test_other_texts_hold_none(text: str) -> None:
    assert account_of(text) is None


def test_ids_of_organizations_have_their_form() -> None:
    assert re.fullmatch("o-[a-z0-9]{10}", lower_id("o-", 10, 1))
    assert lower_id("o-", 10, 1) != lower_id("o-", 10, 2)
