"""Which intents have no outcome."""

from dataclasses import replace

import pytest

from rootsweep.core.removal.journal import NO_PREVIOUS, Entry, Note, Payload, TornLine, unfinished_intents
from tests.remediation.journals import BEGUN_AT, PLAN_OPENED, SETTLED, intent, outcome

TORN = TornLine(1, NO_PREVIOUS)


@pytest.mark.parametrize(
    ("payloads", "unfinished"),
    [
        ((), []),
        (SETTLED, []),
        ((PLAN_OPENED, TORN, Note("")), []),
        ((intent(1),), [0]),
        ((intent(1), intent(2), intent(3), outcome(2)), [0, 2]),
        ((intent(2), intent(1), intent(2)), [0, 1, 2]),
        ((intent(1), PLAN_OPENED, intent(1), outcome(1)), []),
        ((intent(1), outcome(1), intent(1)), [2]),
        ((outcome(1), intent(1)), [1]),
        ((intent(1), outcome(2)), [0]),
        ((intent(1), replace(outcome(1), plan_digest="another")), [0]),
        ((intent(1), replace(outcome(1), key_id=None)), [0]),
        ((intent(1), replace(outcome(1), action="deactivate_access_key")), [0]),
        ((intent(1), replace(outcome(1), outcome="refused", detail="why")), []),
    ],
)
def test_an_intent_waits_for_the_outcome_of_its_own_act(payloads: tuple[Payload, ...], unfinished: list[int]) -> None:
    entries = [Entry(number, BEGUN_AT, NO_PREVIOUS, NO_PREVIOUS, payload) for number, payload in enumerate(payloads)]
    assert [entry.sequence for entry in unfinished_intents(entries)] == unfinished
