"""The account that a key id holds."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.parsing.access_key_id import account_of_access_key


@pytest.mark.parametrize(
    ("key_id", "account"),
    [("ASIAY34FZKBOKMUTVV7A", "609629065308"), ("ASIAQNZGKIQY56JQ7WML", "029608264753")],
)
def test_published_ids_decode_to_their_accounts(key_id: str, account: str) -> None:
    assert account_of_access_key(key_id) == account


@pytest.mark.parametrize(
    "key_id",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAJZZZZZZZZZZZZZZZ",
        "",
        "AKIA",
        "AIDAQNZGKIQY56JQ7WML",
        "ASIAQNZGKIQY56JQ7WM",
        "ASIAQNZGKIQY56JQ7WM1",
        "asiaqnzgkiqy56jq7wml",
        "ASIA7777777777777777",
    ],
)
def test_ids_of_the_old_generation_and_other_texts_hold_none(key_id: str) -> None:
    assert account_of_access_key(key_id) is None


@given(st.integers(0, 10**12 - 1), st.integers(0, 2**39 - 1), st.sampled_from(["AKIA", "ASIA"]))
def test_every_account_is_found_whatever_follows_it(account: int, rest: int, prefix: str) -> None:
    bits = (1 << 79) | (account << 39) | rest
    key_id = prefix + base64.b32encode(bits.to_bytes(10)).decode()
    assert account_of_access_key(key_id) == f"{account:012d}"
