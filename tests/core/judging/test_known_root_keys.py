"""What a saved run, or AWS, tells of root's keys: it is whole only where nothing can be missing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    KeyStatus,
    NoLastUse,
    Observed,
    Origin,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import KeyRow
from rootsweep.core.judging.known_root_keys import from_live_evidence, from_saved_run, not_reached
from rootsweep.core.key_answer import KeySource, SavedAccount
from tests.key_ids import key_id_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNT = "111122223333"
KEY = AccessKey(key_id_of(ACCOUNT), KeyStatus.INACTIVE, NOW, NoLastUse.NEVER_RECORDED)
ROW = KeyRow(KEY.id, None, KEY.status, KEY.created_at, None, KEY.last_use)
SLOT = replace(ROW, id=None, slot=1)
CLEAN = SavedAccount("run.json", ACCOUNT, "production", "COMPLIANT", frozenset({"no_root_key"}), (), NOW, None, None)
LISTED = replace(CLEAN, as_of=None, listed_by=Access.ROOT_SESSION, listed_at=NOW)


def test_a_list_by_ids_is_whole_as_of_its_time() -> None:
    seen = from_saved_run(replace(LISTED, verdict="NON_COMPLIANT", codes=frozenset({"inactive_root_key"}), keys=(ROW,)))
    assert (seen.is_complete, seen.as_of, seen.keys) == (True, NOW, (ROW,))
    assert (seen.account_name, seen.source) == ("production", KeySource("run.json", Access.ROOT_SESSION))


def test_a_run_that_proves_that_there_is_no_key_is_whole_without_a_list() -> None:
    assert (from_saved_run(CLEAN).is_complete, from_saved_run(CLEAN).as_of) == (True, NOW)


@pytest.mark.parametrize(
    ("saved", "words"),
    [
        (replace(CLEAN, as_of=None), "as of an unknown time"),
        (replace(LISTED, listed_at=None), "as of an unknown time"),
        (replace(CLEAN, codes=frozenset({"inactive_root_key_allowed"}), keys=(SLOT,)), "no root session saw the ids"),
        (replace(CLEAN, verdict="NON_COMPLIANT", codes=frozenset({"active_root_key"})), "no root session saw the ids"),
        (replace(CLEAN, verdict="INSUFFICIENT_DATA", codes=frozenset({"access_denied"})), "no root session saw the ids"),
        (replace(CLEAN, verdict="INSUFFICIENT_DATA"), "no root session saw the ids"),
        (replace(LISTED, verdict="NOT_APPLICABLE"), "it is NOT_APPLICABLE"),
        (replace(LISTED, verdict="NON_COMPLIANT", codes=frozenset({"sources_disagree"})), "sources_disagree"),
        (replace(LISTED, codes=frozenset({"active_root_key", "caller_key_not_shown_elsewhere"})), "caller_key_not_shown"),
    ],
)
def test_a_run_that_may_miss_a_key_is_not_whole(saved: SavedAccount, words: str) -> None:
    seen = from_saved_run(saved)
    assert (seen.is_complete, seen.is_refused) == (False, False)
    assert words in (seen.reason or "")
    assert "--access root-session" in (seen.advice or "")


def test_a_key_that_calls_is_known_without_a_list_and_excludes_no_other() -> None:
    seen = from_saved_run(replace(CLEAN, verdict="NON_COMPLIANT", codes=frozenset({"active_root_key"}), keys=(SLOT, ROW)))
    assert (seen.is_complete, seen.keys) == (False, (ROW,))


def observed(fact: RootAccessKeys | AccountSummary | CallerIdentity, at: datetime | None = NOW) -> Observed:
    return Observed(fact, Origin(Access.ROOT, at))


REFUSED = Unavailable(
    Source.ROOT_ACCESS_KEYS,
    UnavailableReason.ACCESS_DENIED,
    "allow iam:ListAccessKeys",
    Origin(Access.ROOT, NOW, "iam:ListAccessKeys"),
    "AccessDenied",
)


def test_a_live_list_is_whole() -> None:
    seen = from_live_evidence(ACCOUNT, [observed(CallerIdentity(None)), observed(RootAccessKeys((KEY,)))])
    assert (seen.is_complete, seen.keys, seen.as_of, seen.source) == (True, (ROW,), NOW, KeySource(None, Access.ROOT))
    assert (seen.reason, seen.advice, seen.is_refused) == (None, None, False)


def test_a_live_list_of_unknown_time_is_not_whole() -> None:
    assert not from_live_evidence(ACCOUNT, [observed(RootAccessKeys(()), None)]).is_complete


def test_a_summary_that_counts_no_key_is_whole_and_one_that_counts_some_tells_no_id() -> None:
    assert from_live_evidence(ACCOUNT, [observed(AccountSummary(access_keys_present=False))]).is_complete
    seen = from_live_evidence(ACCOUNT, [observed(AccountSummary(access_keys_present=True))])
    assert (seen.is_complete, seen.is_refused) == (False, True)
    assert "has an access key" in (seen.reason or "")


def test_a_refusal_is_told_with_its_advice_and_a_calling_key_is_known_all_the_same() -> None:
    seen = from_live_evidence(ACCOUNT, [REFUSED, observed(CallerIdentity(KEY.id))])
    assert (seen.is_complete, seen.is_refused, seen.advice) == (False, True, "allow iam:ListAccessKeys")
    assert seen.reason == f"AWS does not tell for account {ACCOUNT}: iam:ListAccessKeys (AccessDenied)."
    assert [(row.id, row.status) for row in seen.keys] == [(KEY.id, KeyStatus.ACTIVE)]
    assert seen.as_of == NOW


def test_a_calling_key_that_is_listed_keeps_what_the_list_tells() -> None:
    for pieces in ([observed(CallerIdentity(KEY.id)), observed(RootAccessKeys((KEY,)))],):
        assert from_live_evidence(ACCOUNT, pieces).keys == (ROW,)
        assert from_live_evidence(ACCOUNT, reversed(pieces)).keys == (ROW,)


def test_an_account_that_is_not_the_callers() -> None:
    seen = not_reached(ACCOUNT, "222233334444")
    assert (seen.is_refused, seen.is_complete) == (True, False)
    assert "222233334444" in (seen.reason or "")
