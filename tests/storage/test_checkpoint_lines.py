"""Every account and every kind of evidence is read back as it was written."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import Access, AccountSummary, Evidence, Fact, Observed, Origin, Unavailable, UnavailableReason
from rootsweep.core.organization import Account
from rootsweep.storage.checkpoint_lines import account_of, line_of_account, line_of_run, run_of
from rootsweep.storage.run_identity import RunIdentity
from tests.storage.values import CALLER, IDENTITY, STARTED_AT, account, evidence, values_of

EVIDENCE_MEMBERS = get_args(Evidence)
FACT_MEMBERS = get_args(Fact)


def assert_comes_back(given_account: Account, given_evidence: tuple[Evidence, ...]) -> None:
    line = line_of_account(given_account, given_evidence)
    assert line.index(b"\n") == len(line) - 1
    read = account_of(line)
    assert read == (given_account, given_evidence)
    # Equal values may be of other types (an enum and its text, two time zones): what is shown tells them apart.
    assert repr(read) == repr((given_account, given_evidence))


@given(values_of(Account), st.lists(values_of(Evidence), max_size=5).map(tuple))
def test_an_account_and_its_evidence_come_back(given_account: Account, given_evidence: tuple[Evidence, ...]) -> None:
    assert_comes_back(given_account, given_evidence)


@pytest.mark.parametrize("fact_type", FACT_MEMBERS)
@given(data=st.data())
def test_every_kind_of_fact_comes_back(fact_type: Any, data: st.DataObject) -> None:
    fact, origin = data.draw(values_of(fact_type)), data.draw(values_of(Origin))
    assert_comes_back(account(1), (Observed(fact, origin),))


@pytest.mark.parametrize("evidence_type", EVIDENCE_MEMBERS)
@given(data=st.data())
def test_every_kind_of_evidence_comes_back(evidence_type: Any, data: st.DataObject) -> None:
    assert_comes_back(account(1), (data.draw(values_of(evidence_type)),))


@pytest.mark.parametrize("reason", UnavailableReason)
@given(piece=values_of(Unavailable))
def test_every_reason_comes_back(reason: UnavailableReason, piece: Unavailable) -> None:
    assert_comes_back(account(1), (Unavailable(piece.source, reason, piece.advice, piece.origin, piece.error_code),))


@given(values_of(RunIdentity))
def test_a_run_comes_back(identity: RunIdentity) -> None:
    assert run_of(line_of_run(identity, STARTED_AT)) == (identity, STARTED_AT)


def test_the_format_is_the_one_that_its_version_names() -> None:
    """Whoever changes these lines raises the version, so that no run is continued by a program that misreads it."""
    assert line_of_run(IDENTITY, STARTED_AT).decode() == (
        '{"format":"rootsweep.checkpoint/1","started_at":"2026-11-24T08:30:15.123456Z","scope":"organization, access auto",'
        '"organization_id":"o-exampleorgid","caller_account_id":"111122223333"}\n'
    )
    origin = (
        '"origin":{"access":"root-session","observed_at":"2026-11-24T08:30:16.123456Z","api_call":"iam:ListAccessKeys",'
        '"request_id":"6d8a8a2c-0000-4000-8000-000000000001"}'
    )
    assert line_of_account(account(1), (*evidence(1), CALLER)).decode() == (
        '{"account":{"id":"000000000001","name":"Zweigstelle Ä1 東京","partition":"aws","state":"ACTIVE",'
        '"is_management_account":true},"evidence":['
        '{"kind":"observed","fact":{"source":"root_access_keys","keys":[{"id":"AKIAIOSFODNN7EXAMPLE","status":"ACTIVE",'
        '"created_at":"2026-11-24T08:30:15.123456Z","last_use":{"at":"2026-11-24T08:30:15.123456Z","region":"us-east-1",'
        '"service":"iam"}}]},' + origin + "},"
        '{"kind":"observed","fact":{"source":"account_summary","access_keys_present":true},' + origin + "},"
        '{"kind":"observed","fact":{"source":"credential_report","generated_at":"2026-11-24T08:30:16.123456Z","slots":['
        '{"number":1,"state":"ACTIVE","active":true,"last_rotated_at":"2026-11-24T08:30:15.123456Z",'
        '"last_use":"never_recorded"},{"number":2,"state":"UNREAD","active":null,"unreadable":["access_key_2_active"]}]},'
        + origin
        + '},{"kind":"unavailable","source":"caller_identity","reason":"access_denied","advice":"allow it",'
        + origin
        + ',"error_code":"AccessDenied"},'
        '{"kind":"observed","fact":{"source":"caller_identity","root_access_key_id":null},"origin":{"access":"own"}}]}\tdeec68d1\n'
    )


def test_a_time_without_a_zone_is_refused_before_it_is_written() -> None:
    origin = Origin(Access.OWN, STARTED_AT.replace(tzinfo=None))
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        line_of_account(account(1), (Observed(AccountSummary(access_keys_present=False), origin),))


@given(st.binary())
def test_what_is_no_account_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        account_of(line)
