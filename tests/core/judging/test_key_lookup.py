"""Whether an access key is the root user's: one test a rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from rootsweep.core.evidence import Access, KeyStatus, LastUsed
from rootsweep.core.finding import KeyRow
from rootsweep.core.judging.key_lookup import Asking, answer, look_up
from rootsweep.core.key_answer import AskedKey, KeyAnswer, KeyKind, KeySource, KnownRootKeys, RootKey
from tests.key_ids import key_id_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCOUNT = "111122223333"
KEY = AskedKey(key_id_of(ACCOUNT), KeyKind.LONG_TERM, ACCOUNT)
OLD = AskedKey("AKIAIOSFODNN7EXAMPLE", KeyKind.LONG_TERM, None)
NOTHING, RUN, LIVE = Asking(runs=False, live=False), Asking(runs=True, live=False), Asking(runs=False, live=True)


def row(key: AskedKey = KEY, status: KeyStatus = KeyStatus.ACTIVE) -> KeyRow:
    return KeyRow(key.id, None, status, NOW - 300 * 24 * HOUR, None, LastUsed(NOW - 24 * HOUR, "us-east-1", "s3"))


def seen(*keys: KeyRow, at: datetime | None = NOW - HOUR, path: str | None = "run.json", whole: bool = True) -> KnownRootKeys:
    return KnownRootKeys(ACCOUNT, "production", KeySource(path, Access.ROOT_SESSION), at, keys, is_complete=whole)


def refused(account_id: str = ACCOUNT) -> KnownRootKeys:
    source = KeySource(None, None)
    return KnownRootKeys(account_id, None, source, None, is_refused=True, reason="Refused.", advice="allow it")


def outcome(one: KeyAnswer) -> tuple[RootKey, bool]:
    return one.root_key, one.is_conclusive


def test_what_was_not_asked_is_settled_by_the_account() -> None:
    one = answer(KEY, [], NOTHING, NOW)
    assert outcome(one) == (RootKey.UNKNOWN, True)
    assert (one.account_id, one.message) == (ACCOUNT, "Whether it is the root user's was not asked.")


def test_an_old_id_holds_no_account() -> None:
    one = answer(OLD, [], NOTHING, NOW)
    assert outcome(one) == (RootKey.UNKNOWN, False)
    assert one.account_id is None
    assert "unknown: an id of the old generation does not hold it" in one.message
    assert "get-access-key-info" in (one.advice or "")


def test_an_old_id_is_found_in_any_account() -> None:
    one = answer(OLD, [replace(seen(), account_id="222233334444"), seen(row(OLD))], RUN, NOW)
    assert (one.root_key, one.account_id, one.account_name) == (RootKey.YES, ACCOUNT, "production")


def test_an_old_id_is_not_excluded_by_the_lists_of_some_accounts() -> None:
    assert outcome(answer(OLD, [seen()], RUN, NOW)) == (RootKey.UNKNOWN, False)


def test_a_listed_key_is_roots() -> None:
    one = answer(KEY, [seen(row())], RUN, NOW)
    assert outcome(one) == (RootKey.YES, True)
    assert (one.key, one.as_of, one.source) == (row(), NOW - HOUR, KeySource("run.json", Access.ROOT_SESSION))
    assert "deactivate it" in (one.advice or "")


@pytest.mark.parametrize(
    ("status", "words"), [(KeyStatus.INACTIVE, "delete it as root"), (KeyStatus.UNKNOWN, "if it is active")]
)
def test_what_to_do_depends_on_the_status(status: KeyStatus, words: str) -> None:
    assert words in (answer(KEY, [seen(row(status=status))], RUN, NOW).advice or "")


def test_a_key_that_a_whole_list_lacks_is_not_roots_as_of_its_time() -> None:
    one = answer(KEY, [seen(row(OLD))], RUN, NOW)
    assert outcome(one) == (RootKey.NO, True)
    assert (one.as_of, one.key, one.advice) == (NOW - HOUR, None, None)
    assert "which has others, as of 2026-11-24 11:00 UTC" in one.message
    assert "which has none" in answer(KEY, [seen()], RUN, NOW).message


def test_a_list_that_is_not_whole_or_of_unknown_time_excludes_nothing() -> None:
    for one in (seen(whole=False), seen(at=None), seen(at=NOW + HOUR)):
        assert outcome(answer(KEY, [one], RUN, NOW)) == (RootKey.UNKNOWN, False)


def test_the_list_of_another_account_tells_nothing() -> None:
    one = answer(KEY, [replace(seen(row()), account_id="222233334444")], RUN, NOW)
    assert outcome(one) == (RootKey.UNKNOWN, False)
    assert one.message == f"None of the runs has account {ACCOUNT}."


def test_the_newest_decides_whatever_the_order() -> None:
    older_yes, no, newer_yes = seen(row(), at=NOW - 2 * HOUR), seen(), seen(row(), at=NOW)
    for order in permutations([older_yes, no]):
        one = answer(KEY, order, RUN, NOW)
        assert outcome(one) == (RootKey.NO, True)
        assert "it was one as of 2026-11-24 10:00 UTC, and was deleted since" in one.message
    for order in permutations([older_yes, no, newer_yes]):
        assert answer(KEY, order, RUN, NOW).as_of == NOW


@pytest.mark.parametrize("at", [None, NOW + HOUR, NOW - HOUR])
def test_a_key_of_unknown_time_stands_and_so_does_one_of_the_same_time(at: datetime | None) -> None:
    assert answer(KEY, [seen(), seen(row(), at=at)], RUN, NOW).root_key is RootKey.YES


def test_the_future_by_a_few_minutes_is_a_clock_that_is_off() -> None:
    assert answer(KEY, [seen(at=NOW + timedelta(minutes=4))], RUN, NOW).root_key is RootKey.NO


def test_a_refusal_leaves_the_answer_unsettled_and_is_told() -> None:
    one = answer(KEY, [refused()], LIVE, NOW)
    assert (*outcome(one), one.message, one.advice) == (RootKey.UNKNOWN, False, "Refused.", "allow it")
    one = answer(KEY, [seen(), refused()], LIVE, NOW)
    assert (*outcome(one), one.advice) == (RootKey.NO, False, "allow it")
    assert one.message.endswith("Refused.")
    one = answer(KEY, [seen(row()), refused()], LIVE, NOW)
    assert one.root_key is RootKey.YES
    assert (one.advice or "").endswith("; allow it")


def test_a_temporary_key_is_in_no_list() -> None:
    key = AskedKey(key_id_of(ACCOUNT, prefix="ASIA"), KeyKind.TEMPORARY, ACCOUNT)
    assert outcome(answer(key, [], NOTHING, NOW)) == (RootKey.UNKNOWN, True)
    one = answer(key, [seen()], RUN, NOW)
    assert (*outcome(one), one.account_id, one.account_name) == (RootKey.UNKNOWN, False, ACCOUNT, "production")
    assert "CloudTrail" in (one.advice or "")
    old = answer(replace(key, account_id=None), [], NOTHING, NOW)
    assert (old.is_conclusive, "does not hold it" in old.message) == (False, True)


def test_many_ids_are_answered_as_each_is_alone() -> None:
    keys = [KEY, OLD, AskedKey(key_id_of("222233334444"), KeyKind.LONG_TERM, "222233334444")]
    everything = [seen(row(), row(OLD)), replace(seen(), account_id="222233334444"), replace(seen(), account_id="333344445555")]
    answers = look_up(keys, everything, RUN, NOW)
    assert answers == tuple(answer(key, everything, RUN, NOW) for key in keys)
    assert [one.root_key for one in answers] == [RootKey.YES, RootKey.YES, RootKey.NO]
