"""What is new, reappeared, fixed and lost sight of, for every pair of verdicts and every change of keys."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import KeyStatus, NoLastUse
from rootsweep.core.finding import KeyRow, Verdict
from rootsweep.core.history.drift import compare, pair_keys
from rootsweep.core.history.recorded import AccountDrift, Change, ChangeReason, EarlierVerdict, RecordedAccount, RecordedRun
from tests.storage.history.values import (
    BEGIN,
    COMPLIANT,
    CREATED,
    DAY,
    KEY,
    NON_COMPLIANT,
    NOT_APPLICABLE,
    OTHER,
    UNIT,
    UNJUDGED,
    A,
    B,
    account,
    key,
    run,
)

NEW, REAPPEARED, FIXED, LOST = Change.NEW, Change.REAPPEARED, Change.FIXED, Change.LOST_SIGHT_OF

PAIRS: dict[tuple[Verdict | None, Verdict | None], tuple[Change, ChangeReason] | str] = {
    (None, COMPLIANT): "newly_proven",
    (None, NON_COMPLIANT): (NEW, ChangeReason.FIRST_SEEN),
    (None, NOT_APPLICABLE): "others",
    (None, UNJUDGED): "others",
    (COMPLIANT, None): (LOST, ChangeReason.NOT_IN_SCOPE),
    (COMPLIANT, COMPLIANT): "compliant",
    (COMPLIANT, NON_COMPLIANT): (NEW, ChangeReason.WAS_COMPLIANT),
    (COMPLIANT, NOT_APPLICABLE): "others",
    (COMPLIANT, UNJUDGED): (LOST, ChangeReason.NOT_JUDGED),
    (NON_COMPLIANT, None): (LOST, ChangeReason.NOT_IN_SCOPE),
    (NON_COMPLIANT, COMPLIANT): (FIXED, ChangeReason.PROVEN_COMPLIANT),
    (NON_COMPLIANT, NON_COMPLIANT): "non_compliant",
    (NON_COMPLIANT, NOT_APPLICABLE): (LOST, ChangeReason.NO_LONGER_APPLICABLE),
    (NON_COMPLIANT, UNJUDGED): (LOST, ChangeReason.NOT_JUDGED),
    (NOT_APPLICABLE, None): "others",
    (NOT_APPLICABLE, COMPLIANT): "newly_proven",
    (NOT_APPLICABLE, NON_COMPLIANT): (NEW, ChangeReason.WAS_NOT_APPLICABLE),
    (NOT_APPLICABLE, NOT_APPLICABLE): "not_applicable",
    (NOT_APPLICABLE, UNJUDGED): "others",
    (UNJUDGED, None): "others",
    (UNJUDGED, COMPLIANT): "newly_proven",
    (UNJUDGED, NON_COMPLIANT): (NEW, ChangeReason.WAS_NOT_JUDGED),
    (UNJUDGED, NOT_APPLICABLE): "others",
    (UNJUDGED, UNJUDGED): "insufficient_data",
}


def only(before: RecordedRun | None, now: RecordedRun) -> AccountDrift | None:
    changes = compare(before, now).changes
    assert len(changes) <= 1
    return changes[0] if changes else None


def rows(verdict: Verdict | None) -> tuple[RecordedAccount, ...]:
    return () if verdict is None else (account(A, verdict, *([KEY] if verdict is NON_COMPLIANT else [])),)


def between(before: RecordedAccount, now: RecordedAccount) -> AccountDrift | None:
    return only(run(before), run(now, day=1))


def test_every_pair_of_verdicts_is_thought_of() -> None:
    assert set(PAIRS) == set(product([None, *Verdict], repeat=2)) - {(None, None)}


@pytest.mark.parametrize(("before", "now"), PAIRS)
def test_a_pair_of_verdicts(before: Verdict | None, now: Verdict | None) -> None:
    expected = PAIRS[before, now]
    drift = compare(run(*rows(before)), run(*rows(now), day=1))
    if isinstance(expected, str):
        assert drift.changes == ()
        assert getattr(drift.unchanged, expected) == 1
    else:
        (change,) = drift.changes
        assert (change.change, change.reason) == expected


@pytest.mark.parametrize("before", [COMPLIANT, NON_COMPLIANT])
def test_an_account_missing_from_an_incomplete_run_is_lost_sight_of_and_never_fixed(before: Verdict) -> None:
    change = only(run(*rows(before)), run(day=1, complete=False))
    assert change is not None
    assert (change.change, change.reason) == (LOST, ChangeReason.RUN_INCOMPLETE)


def test_an_account_outside_of_another_scope_is_lost_sight_of() -> None:
    change = only(run(*rows(NON_COMPLIANT)), run(day=1, scope=UNIT))
    assert change is not None
    assert (change.change, change.keys) == (LOST, (KEY,))


def test_without_an_earlier_run_every_non_compliance_is_new() -> None:
    drift = compare(None, run(account(A, NON_COMPLIANT), account(B, COMPLIANT)))
    assert [(one.account.id, one.reason) for one in drift.changes] == [(A, ChangeReason.FIRST_SEEN)]
    assert drift.unchanged.newly_proven == 1


def test_a_further_key_is_new_and_the_known_one_is_not() -> None:
    change = between(account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, KEY, OTHER))
    assert change is not None
    assert (change.change, change.reason, change.keys) == (NEW, ChangeReason.FURTHER_KEY, (OTHER,))


def test_another_key_in_the_place_of_a_known_one_is_new() -> None:
    change = between(account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, OTHER))
    assert change is not None
    assert change.reason is ChangeReason.FURTHER_KEY


def test_an_inactive_key_that_is_active_again_is_new() -> None:
    inactive = replace(KEY, status=KeyStatus.INACTIVE)
    change = between(account(A, NON_COMPLIANT, inactive), account(A, NON_COMPLIANT, KEY))
    assert change is not None
    assert (change.reason, change.keys) == (ChangeReason.KEY_ACTIVE_AGAIN, (KEY,))
    assert between(account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, inactive)) is None


def test_a_key_that_is_gone_or_used_since_is_not_new() -> None:
    assert between(account(A, NON_COMPLIANT, KEY, OTHER), account(A, NON_COMPLIANT, KEY)) is None
    used = replace(KEY, last_use=NoLastUse.NEVER_RECORDED)
    assert between(account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, used)) is None


def test_where_only_a_flag_told_of_a_key_the_same_key_is_not_new_but_a_younger_one_is() -> None:
    unknown = account(A, NON_COMPLIANT)
    assert between(unknown, account(A, NON_COMPLIANT, KEY)) is None
    assert between(account(A, NON_COMPLIANT, KEY), unknown) is None
    change = between(unknown, account(A, NON_COMPLIANT, replace(KEY, created_at=BEGIN + DAY / 2)))
    assert change is not None
    assert change.reason is ChangeReason.FURTHER_KEY


SLOT = key(slot=1, rotated=CREATED)


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (SLOT, SLOT, True),
        (SLOT, replace(SLOT, last_rotated_at=CREATED + DAY), False),
        (SLOT, replace(SLOT, last_rotated_at=CREATED - DAY), False),
        (SLOT, replace(SLOT, last_rotated_at=CREATED + DAY, status=KeyStatus.INACTIVE), True),
        (SLOT, replace(SLOT, slot=2), False),
        (SLOT, replace(SLOT, last_rotated_at=None), True),
        (SLOT, KEY, True),
        (SLOT, replace(KEY, created_at=CREATED - DAY), True),
        (SLOT, replace(KEY, created_at=CREATED + DAY), False),
        (KEY, SLOT, True),
        (KEY, replace(SLOT, last_rotated_at=CREATED - DAY), False),
        (KEY, replace(KEY, created_at=None), True),
        (replace(KEY, id=None), KEY, True),
        (replace(KEY, id=None), OTHER, False),
        (KEY, OTHER, False),
    ],
)
def test_whether_a_key_may_be_the_same(before: KeyRow, now: KeyRow, same: bool) -> None:
    ((paired, key_now),) = pair_keys((before,), (now,), BEGIN)
    assert key_now == now
    assert (paired == before) is same


def test_an_exception_that_ended_makes_a_known_key_new_and_one_that_was_granted_does_not() -> None:
    excepted, bare = account(A, NON_COMPLIANT, KEY, excepted=True), account(A, NON_COMPLIANT, KEY)
    change = between(excepted, bare)
    assert change is not None
    assert (change.reason, change.is_finding) == (ChangeReason.EXCEPTION_ENDED, True)
    assert between(bare, excepted) is None


def test_what_is_new_and_excepted_is_told_and_is_no_finding() -> None:
    change = between(account(A, COMPLIANT), account(A, NON_COMPLIANT, KEY, excepted=True))
    assert change is not None
    assert (change.change, change.is_finding) == (NEW, False)


@pytest.mark.parametrize(
    ("earlier", "before", "expected"),
    [
        ([NON_COMPLIANT, COMPLIANT], COMPLIANT, (REAPPEARED, 2)),
        ([NON_COMPLIANT, COMPLIANT, UNJUDGED], UNJUDGED, (REAPPEARED, 2)),
        ([NON_COMPLIANT, COMPLIANT, NON_COMPLIANT, COMPLIANT], COMPLIANT, (REAPPEARED, 4)),
        ([NON_COMPLIANT, COMPLIANT, COMPLIANT], COMPLIANT, (REAPPEARED, 2)),
        ([NON_COMPLIANT, COMPLIANT], None, (REAPPEARED, 2)),
        ([COMPLIANT], COMPLIANT, (NEW, None)),
        ([NON_COMPLIANT, UNJUDGED], UNJUDGED, (NEW, None)),
        ([NON_COMPLIANT, COMPLIANT, NON_COMPLIANT, UNJUDGED], UNJUDGED, (NEW, None)),
        ([], COMPLIANT, (NEW, None)),
    ],
)
def test_what_was_proven_fixed_and_is_back_has_reappeared(
    earlier: list[Verdict], before: Verdict | None, expected: tuple[Change, int | None]
) -> None:
    past = {A: [EarlierVerdict(number, verdict) for number, verdict in enumerate(earlier, start=1)]}
    (change,) = compare(run(*rows(before)), run(*rows(NON_COMPLIANT), day=9), past).changes
    assert (change.change, change.fixed_in) == expected


def test_a_further_key_has_not_reappeared() -> None:
    past = {A: [EarlierVerdict(1, NON_COMPLIANT), EarlierVerdict(2, COMPLIANT), EarlierVerdict(3, NON_COMPLIANT)]}
    before, now = account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, KEY, OTHER)
    (change,) = compare(run(before), run(now, day=9), past).changes
    assert change.change is NEW


moments = st.none() | st.integers(0, 5).map(lambda days: CREATED + timedelta(days=days))
keys = st.builds(
    KeyRow,
    id=st.none() | st.sampled_from(["AKIAQNZGKIQY56JQ7WML", "AKIAQNZGKIQY56JQ7WMM", "AKIAQNZGKIQY56JQ7WMN"]),
    slot=st.none() | st.integers(1, 3),
    status=st.sampled_from(KeyStatus),
    created_at=moments | st.just(BEGIN + DAY / 2),
    last_rotated_at=moments,
    last_use=st.sampled_from(NoLastUse),
)


@st.composite
def accounts(draw: st.DrawFn) -> RecordedAccount:
    verdict = draw(st.sampled_from(Verdict))
    found = verdict is NON_COMPLIANT
    its_keys = draw(st.lists(keys, max_size=3)) if found else []
    return account(
        draw(st.sampled_from("123456").map(lambda digit: digit * 12)),
        verdict,
        *its_keys,
        excepted=found and draw(st.booleans()),
    )


runs = st.builds(
    lambda rows, complete, day: run(*rows, complete=complete, day=day),
    st.lists(accounts(), max_size=6, unique_by=lambda one: one.id),
    st.booleans(),
    st.integers(0, 3),
)
earlier = st.dictionaries(
    st.sampled_from("123456").map(lambda digit: digit * 12),
    st.lists(st.builds(EarlierVerdict, st.integers(1, 9), st.sampled_from(Verdict)), max_size=5),
)


@given(runs)
def test_a_run_has_no_drift_from_itself(one: RecordedRun) -> None:
    drift = compare(one, one)
    assert drift.changes == ()
    assert (drift.unchanged.newly_proven, drift.unchanged.others) == (0, 0)


@given(st.none() | runs, runs, earlier)
def test_every_account_is_told_once(
    before: RecordedRun | None, now: RecordedRun, past: dict[str, list[EarlierVerdict]]
) -> None:
    drift = compare(before, now, past)
    ids = [one.account.id for one in drift.changes]
    rest = drift.unchanged
    unchanged = rest.compliant + rest.non_compliant + rest.not_applicable + rest.insufficient_data
    assert ids == sorted(set(ids))
    everyone = {one.id for one in (*now.accounts, *(before.accounts if before else ()))}
    assert len(ids) + unchanged + rest.newly_proven + rest.others == len(everyone)
    counts = Counter(one.change for one in drift.changes)
    assert (counts[NEW], counts[REAPPEARED]) == (drift.counts().new, drift.counts().reappeared)


@given(st.none() | runs, runs, earlier)
def test_nothing_is_better_than_it_is_proven_to_be(
    before: RecordedRun | None, now: RecordedRun, past: dict[str, list[EarlierVerdict]]
) -> None:
    drift = compare(before, now, past)
    changes = {one.account.id: one for one in drift.changes}
    verdicts = {one.id: one.verdict for one in now.accounts}
    for one in drift.changes:
        match one.change:
            case Change.FIXED:
                assert verdicts[one.account.id] is COMPLIANT
            case Change.NEW | Change.REAPPEARED:
                assert verdicts[one.account.id] is NON_COMPLIANT
            case Change.LOST_SIGHT_OF:
                assert verdicts.get(one.account.id) not in {COMPLIANT, NON_COMPLIANT}
    # Whatever was found and is neither found nor proven now is told.
    for was in before.accounts if before else ():
        if was.verdict is NON_COMPLIANT and verdicts.get(was.id) is not NON_COMPLIANT:
            assert changes[was.id].change in {FIXED, LOST}
    # Whatever is found now, and was not then, is told.
    found_then = {one.id for one in (before.accounts if before else ()) if one.verdict is NON_COMPLIANT}
    for one_now in now.accounts:
        if one_now.verdict is NON_COMPLIANT and one_now.id not in found_then:
            assert changes[one_now.id].change in {NEW, REAPPEARED}


@given(st.lists(keys, max_size=4), st.lists(keys, max_size=4))
def test_a_key_is_paired_once_and_no_id_with_another(before: list[KeyRow], now: list[KeyRow]) -> None:
    pairs = pair_keys(before, now, BEGIN)
    assert [one for _, one in pairs] == now
    paired = [was for was, _ in pairs if was is not None]
    assert not Counter(map(id, paired)) - Counter(map(id, before))
    assert all(was is None or was.id is None or one.id is None or was.id == one.id for was, one in pairs)
