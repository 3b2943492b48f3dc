"""Tries end at the deadline, with the error at hand."""

import time

import pytest

from rootsweep.aws.iam import get_account_summary
from rootsweep.aws.pacing import put_off_the_deadline, seconds_left, within
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import UnavailableReason
from rootsweep_emulator import Effect, Emulator, Refuse, Reset, Rule
from tests.live import access_of, open_emulated


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        (Reset(), UnavailableReason.UNREACHABLE),
        (Refuse("InternalFailure", status=500), UnavailableReason.SERVICE_FAILURE),
        (Refuse("Throttling", "Rate exceeded"), UnavailableReason.THROTTLED),
    ],
)
def test_no_further_try_after_the_deadline(demo: Emulator, effect: Effect, reason: UnavailableReason) -> None:
    demo.control.add_fault(Rule(effect, "iam"))
    with within(0.0):
        refusal = get_account_summary(open_emulated(demo), access_of(demo, "clean"))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason
    assert demo.control.calls("iam", "GetAccountSummary") == 1


def test_throttling_is_waited_out_while_the_deadline_allows(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Refuse("Throttling", "Rate exceeded"), "iam", times=6))
    with within(60.0):
        outcome = get_account_summary(open_emulated(demo), access_of(demo, "clean"))
    assert not isinstance(outcome, Refusal)
    assert demo.control.calls("iam", "GetAccountSummary") == 7


def test_a_deadline_is_of_its_block_alone() -> None:
    assert seconds_left() is None
    put_off_the_deadline(5.0)
    assert seconds_left() is None
    with within(10.0):
        put_off_the_deadline(5.0)
        left = seconds_left()
        assert left is not None
        assert 14.0 < left <= 15.0
        time.sleep(0.01)
        assert (seconds_left() or 0.0) < left
    assert seconds_left() is None
