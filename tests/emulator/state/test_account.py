from hypothesis import given
from hypothesis import strategies as st

from rootsweep_emulator.state.account import Eventual


def test_readers_see_a_change_when_it_has_spread() -> None:
    value = Eventual("old")
    value.write("new", visible_at=10)
    assert value.truth == "new"
    assert [value.seen(at) for at in (0, 9.9, 10, 11)] == ["old", "old", "new", "new"]


def test_readers_see_each_change_in_turn() -> None:
    value = Eventual(0)
    value.write(1, visible_at=10)
    value.write(2, visible_at=12)
    assert [value.seen(at) for at in (5, 11, 12)] == [0, 1, 2]


@given(st.lists(st.integers(0, 20), max_size=5).map(sorted), st.integers(0, 30))
def test_readers_see_the_last_change_that_has_spread(spread_at: list[int], now: int) -> None:
    value = Eventual(0)
    for number, at in enumerate(spread_at, start=1):
        value.write(number, visible_at=at)
    assert value.seen(now) == sum(at <= now for at in spread_at)
