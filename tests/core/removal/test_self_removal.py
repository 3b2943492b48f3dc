"""In which order the root user removes its own keys: whatever is asked, no key locks itself out, and nothing in use goes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import AccessKey, KeyStatus
from rootsweep.core.removal.journal import NO_PREVIOUS, Entry, Intent, Outcome, Payload
from rootsweep.core.removal.result import ResultCode
from rootsweep.core.removal.self_removal import (
    Change,
    Decision,
    HoldReason,
    Request,
    deactivated_by_journal,
    decide,
    digest_for,
)
from tests.key_ids import key_id_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNT = "111122223333"
IDS = [key_id_of(ACCOUNT, serial) for serial in range(4)]
FIRST, SECOND, THIRD, NOWHERE = IDS
WEEK = timedelta(days=7)


def key(key_id: str, status: KeyStatus = KeyStatus.ACTIVE) -> AccessKey:
    return AccessKey(key_id, status)


listed_keys = st.lists(st.builds(key, st.sampled_from(IDS[:3]), st.sampled_from(KeyStatus)), unique_by=lambda one: one.id)
times = st.timedeltas(timedelta(days=-1), timedelta(days=30)).map(lambda age: NOW - age)
requests = st.builds(
    Request,
    st.sampled_from(Change),
    st.none() | st.frozensets(st.sampled_from(IDS)),
    including_own=st.booleans(),
    without_waiting=st.booleans(),
)
cases = st.tuples(
    listed_keys, st.none() | st.sampled_from(IDS[:3]), st.dictionaries(st.sampled_from(IDS), times, max_size=3), requests
)
Case = tuple[list[AccessKey], str | None, dict[str, datetime], Request]


def decided(case: Case) -> Decision:
    return decide(*case, NOW)


@given(cases, st.randoms())
def test_the_same_input_gives_the_same_decision_in_any_order(case: Case, random: st.DataObject) -> None:
    keys, calling_id, deactivated, request = case
    shuffled = list(keys)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert decided(case) == decide(shuffled, calling_id, dict(reversed(deactivated.items())), request, NOW)


@given(cases)
def test_the_calling_key_is_never_made_inactive(case: Case) -> None:
    _, calling_id, _, _ = case
    assert all(step.key.id != calling_id for step in decided(case).steps if step.change is Change.DEACTIVATE)


@given(cases)
def test_the_calling_key_goes_last_and_only_when_no_other_is_left(case: Case) -> None:
    keys, calling_id, _, request = case
    steps = decided(case).steps
    own = [step for step in steps if step.change is Change.DELETE and step.key.id == calling_id]
    assert [step.is_own for step in own] == [True] * len(own)
    if own:
        assert own == [steps[-1]]
        assert {step.key.id for step in steps} == {one.id for one in keys}
        assert request.including_own or calling_id in (request.key_ids or ())
    assert not any(step.is_own for step in steps if step.key.id != calling_id)


@given(cases)
def test_nothing_but_the_calling_key_is_deleted_without_having_been_inactive(case: Case) -> None:
    _, calling_id, deactivated, request = case
    for step in decided(case).steps:
        if step.change is Change.DELETE and not request.without_waiting and step.key.id != calling_id:
            assert step.key.status is KeyStatus.INACTIVE
            assert NOW - deactivated.get(step.key.id, NOW - WEEK) >= WEEK


@given(cases)
def test_every_id_that_is_asked_for_is_answered_once(case: Case) -> None:
    keys, calling_id, deactivated, request = case
    decision = decided(case)
    answered = [
        *(step.key.id for step in decision.steps),
        *(held.key_id for held in decision.held_back),
        *decision.already,
    ]
    asked = {one.id for one in keys} if request.key_ids is None else set(request.key_ids)
    asked = set(deactivated) if request.change is Change.REACTIVATE else asked
    assert len(answered) == len(set(answered))
    assert asked <= set(answered) <= asked | {calling_id}
    assert {step.change for step in decision.steps} <= {request.change}


@given(cases)
def test_reactivating_touches_what_the_journal_names_and_is_inactive(case: Case) -> None:
    _, _, deactivated, _ = case
    for step in decided(case).steps:
        if step.change is Change.REACTIVATE:
            assert step.key.id in deactivated
            assert step.key.status is KeyStatus.INACTIVE


def test_a_caller_that_is_not_listed_stops_everything() -> None:
    decision = decide([key(FIRST, KeyStatus.INACTIVE)], SECOND, {}, Request(Change.DELETE), NOW)
    assert [held.reason for held in decision.held_back] == [HoldReason.CALLER_NOT_LISTED] * 2
    assert decision.steps == ()


KEYS = (key(FIRST), key(SECOND, KeyStatus.INACTIVE), key(THIRD, KeyStatus.UNKNOWN))


@pytest.mark.parametrize(
    ("request_", "deactivated", "steps", "held_back", "already"),
    [
        (Request(Change.DEACTIVATE), {}, [], {FIRST: "is_calling", THIRD: "status_unknown"}, [SECOND]),
        (Request(Change.DEACTIVATE, frozenset([NOWHERE])), {}, [], {NOWHERE: "not_listed"}, []),
        (Request(Change.REACTIVATE), {SECOND: NOW}, [SECOND], {}, []),
        (Request(Change.REACTIVATE), {FIRST: NOW, NOWHERE: NOW}, [], {NOWHERE: "not_listed"}, [FIRST]),
        (Request(Change.DELETE), {}, [SECOND], {FIRST: "own_not_named", THIRD: "status_unknown"}, []),
        (Request(Change.DELETE, frozenset([NOWHERE])), {}, [], {}, [NOWHERE]),
        (Request(Change.DELETE, frozenset([SECOND])), {SECOND: NOW}, [], {SECOND: "inactive_too_short"}, []),
        (Request(Change.DELETE, frozenset([SECOND])), {SECOND: NOW - WEEK}, [SECOND], {}, []),
        (Request(Change.DELETE, frozenset([FIRST])), {}, [], {FIRST: "others_remain"}, []),
        (Request(Change.DELETE, including_own=True, without_waiting=True), {}, [SECOND, THIRD, FIRST], {}, []),
        (Request(Change.DELETE, frozenset(IDS[:3]), without_waiting=True), {}, [SECOND, THIRD, FIRST], {}, []),
    ],
)
def test_what_follows_from_what_is_asked(
    request_: Request, deactivated: dict[str, datetime], steps: list[str], held_back: dict[str, str], already: list[str]
) -> None:
    decision = decide(KEYS, FIRST, deactivated, request_, NOW)
    assert [step.key.id for step in decision.steps] == steps
    assert {held.key_id: held.reason.value for held in decision.held_back} == held_back
    assert list(decision.already) == already


def test_a_key_that_waits_says_until_when() -> None:
    since = NOW - timedelta(days=2)
    decision = decide([key(FIRST, KeyStatus.INACTIVE)], None, {FIRST: since}, Request(Change.DELETE), NOW)
    assert "come back after 2026-11-29 12:00 UTC" in decision.held_back[0].advice


def entries(*payloads: Payload) -> Iterable[Entry]:
    return [Entry(number, NOW + timedelta(hours=number), NO_PREVIOUS, "", one) for number, one in enumerate(payloads)]


def intent(change: Change, key_id: str = FIRST, account_id: str = ACCOUNT) -> Intent:
    return Intent(digest_for(account_id), account_id, key_id, change.value)


def outcome(change: Change, result: ResultCode, key_id: str = FIRST) -> Outcome:
    return Outcome(digest_for(ACCOUNT), ACCOUNT, key_id, change.value, result.value, None, ())


DEACTIVATED = (intent(Change.DEACTIVATE), outcome(Change.DEACTIVATE, ResultCode.DEACTIVATED))
REACTIVATED = (intent(Change.REACTIVATE), outcome(Change.REACTIVATE, ResultCode.REACTIVATED))
REFUSED = (intent(Change.DEACTIVATE), outcome(Change.DEACTIVATE, ResultCode.REFUSED))


@pytest.mark.parametrize(
    ("payloads", "deactivated"),
    [
        ((), {}),
        (DEACTIVATED, {FIRST: 1}),
        (DEACTIVATED[:1], {FIRST: 0}),
        (REFUSED, {}),
        ((intent(Change.DEACTIVATE), outcome(Change.DEACTIVATE, ResultCode.NOT_VERIFIED)), {FIRST: 1}),
        (DEACTIVATED + REACTIVATED, {}),
        (DEACTIVATED + REACTIVATED + DEACTIVATED, {FIRST: 5}),
        (DEACTIVATED + REACTIVATED[:1], {FIRST: 1}),
        ((*DEACTIVATED, intent(Change.DELETE), outcome(Change.DELETE, ResultCode.DELETED)), {}),
        ((intent(Change.DEACTIVATE, account_id="444455556666"),), {}),
        (tuple(chain(DEACTIVATED, (intent(Change.DEACTIVATE, SECOND),))), {FIRST: 1, SECOND: 2}),
    ],
)
def test_what_a_journal_says_it_deactivated(payloads: tuple[Payload, ...], deactivated: dict[str, int]) -> None:
    expected = {key_id: NOW + timedelta(hours=hour) for key_id, hour in deactivated.items()}
    assert deactivated_by_journal(entries(*payloads), ACCOUNT) == expected
