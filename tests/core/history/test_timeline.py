"""The life of a key over recorded runs: seen, changed, gone only where that is proven."""

from dataclasses import replace

from rootsweep.core.evidence import KeyStatus, LastUsed
from rootsweep.core.history.recorded import KeyLife, RecordedAccount, Sighting
from rootsweep.core.history.timeline import tell_life
from tests.storage.history.values import (
    BEGIN,
    COMPLIANT,
    CREATED,
    DAY,
    KEY,
    NON_COMPLIANT,
    OTHER,
    UNJUDGED,
    A,
    account,
    key,
    run,
)

INACTIVE = replace(KEY, status=KeyStatus.INACTIVE)
SLOT = key(slot=1, rotated=CREATED + DAY)


def presence(seen: RecordedAccount, first: int, last: int | None = None) -> Sighting:
    ends = first if last is None else last
    return Sighting(seen, run(seen, day=first, number=first).record, run(seen, day=ends, number=ends).record)


def lives(*seen: RecordedAccount) -> tuple[KeyLife, ...]:
    return tell_life(A, [presence(one, number) for number, one in enumerate(seen, start=1)]).keys


def test_an_account_without_keys_has_no_lives() -> None:
    assert lives(account(A, COMPLIANT), account(A, UNJUDGED)) == ()


def test_a_key_that_is_deactivated_and_deleted() -> None:
    (life,) = lives(account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, INACTIVE), account(A, COMPLIANT))
    assert [(one.status, one.run) for one in life.statuses] == [(KeyStatus.ACTIVE, 1), (KeyStatus.INACTIVE, 2)]
    assert life.gone_by == 3
    assert life.gone_at is not None
    assert life.first_seen_at < life.last_seen_at < life.gone_at
    assert life.key == INACTIVE


def test_a_key_that_is_not_seen_any_more_is_not_gone() -> None:
    lost, other = lives(account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, OTHER), account(A, UNJUDGED))
    assert (lost.gone_by, other.gone_by) == (None, None)
    assert lost.last_seen_at < other.last_seen_at


def test_a_key_that_follows_a_deleted_one_has_a_life_of_its_own() -> None:
    first, second = lives(account(A, NON_COMPLIANT, KEY), account(A, COMPLIANT), account(A, NON_COMPLIANT, OTHER))
    assert (first.key, first.gone_by) == (KEY, 2)
    assert (second.key, second.gone_by) == (OTHER, None)


def test_a_key_is_followed_from_one_source_to_another() -> None:
    used = replace(SLOT, last_use=LastUsed(BEGIN, "eu-west-1", "s3"))
    (life,) = lives(account(A, NON_COMPLIANT, used), account(A, NON_COMPLIANT, KEY), account(A, NON_COMPLIANT, SLOT))
    assert (life.key.id, life.key.slot, life.key.created_at) == (KEY.id, 1, CREATED)
    assert life.key.last_use == used.last_use


def test_the_latest_use_counts_whichever_run_saw_it() -> None:
    late, early = (replace(KEY, last_use=LastUsed(BEGIN + day * DAY)) for day in (2, 1))
    for one, two in ((late, early), (early, late)):
        (life,) = lives(account(A, NON_COMPLIANT, one), account(A, NON_COMPLIANT, two))
        assert life.key.last_use == late.last_use


def test_a_key_lives_as_long_as_the_runs_that_saw_it() -> None:
    (life,) = tell_life(A, [presence(account(A, NON_COMPLIANT, KEY), 1, 9)]).keys
    assert (life.last_seen_at - life.first_seen_at) == 8 * DAY
