"""What the enabling of centralized root access makes of AWS's answers, by plain scripted ones."""

from dataclasses import dataclass, field

import pytest

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.removal.central_access import Part, Step
from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.central_access import EnableFeatures
from rootsweep.storage.journal import Journal
from tests.remediation.answers import DENIED, answer, following, refusal

STEP = Step(Part.ROOT_SESSIONS, "111122223333")
NEXT = Step(Part.DELEGATED_ADMINISTRATOR, "222233334444")

BUSY = refusal("ConcurrentModificationException", may_pass=True)
LOST = refusal(None, may_have_acted=True, may_pass=True)
FAULT = refusal("ServiceException", may_have_acted=True, may_pass=True)
DENIED_AFTER_A_LOST_TRY = refusal("AccessDenied", may_have_acted=True)

NO, YES = answer(False), answer(True)
TAKEN = answer(None)


@dataclass
class Script:
    """Gives the answers in their order, the last one again and again."""

    looks: list[Answer[bool] | Refusal]
    replies: list[Answer[None] | Refusal]
    asked: int = 0
    steps: list[Step] = field(default_factory=list)

    def look(self, step: Step) -> Answer[bool] | Refusal:
        self.steps.append(step)
        return following(self.looks)

    def enable(self, step: Step) -> Answer[None] | Refusal:
        assert step == self.steps[-1]
        self.asked += 1
        return following(self.replies)


def enable(script: Script, journal: Journal, *steps: Step) -> list[Result[Step]]:
    return list(EnableFeatures.of("o-exampleorgid", script, journal, lambda: (0.0, 0.0)).run(steps))


@pytest.mark.parametrize(
    ("looks", "replies", "expected", "asked"),
    [
        ([YES], [TAKEN], ResultCode.ALREADY_ENABLED, 0),
        ([DENIED], [TAKEN], ResultCode.REFUSED, 0),
        ([BUSY, NO, YES], [TAKEN], ResultCode.ENABLED, 1),
        ([NO, YES], [TAKEN], ResultCode.ENABLED, 1),
        ([NO, NO, YES], [TAKEN], ResultCode.ENABLED, 1),
        ([NO], [TAKEN], ResultCode.NOT_VERIFIED, 1),
        ([NO], [DENIED], ResultCode.REFUSED, 1),
        ([NO, YES], [LOST], ResultCode.ENABLED, 1),
        ([NO, YES], [FAULT], ResultCode.ENABLED, 1),
        ([NO, NO, YES], [FAULT, DENIED], ResultCode.ENABLED, 2),
        ([NO, YES], [DENIED_AFTER_A_LOST_TRY], ResultCode.ENABLED, 1),
        ([NO], [DENIED_AFTER_A_LOST_TRY], ResultCode.NOT_ENABLED, 1),
        ([NO, NO, YES], [BUSY, TAKEN], ResultCode.ENABLED, 2),
        ([NO], [BUSY, DENIED], ResultCode.REFUSED, 2),
        ([NO], [LOST], ResultCode.NOT_ENABLED, 4),
        ([NO, DENIED], [TAKEN], ResultCode.NOT_VERIFIED, 1),
    ],
)
def test_what_is_made_of_the_answers(
    journal: Journal,
    looks: list[Answer[bool] | Refusal],
    replies: list[Answer[None] | Refusal],
    expected: ResultCode,
    asked: int,
) -> None:
    script = Script(list(looks), list(replies))
    (result,) = enable(script, journal, STEP)
    assert (result.code, script.asked) == (expected, asked)
    written = [entry.payload for entry in journal.entries()]
    assert [type(one) for one in written] == ([Intent, Outcome] if asked else [])


@pytest.mark.parametrize(("reply", "expected"), [(TAKEN, ResultCode.NOT_VERIFIED), (DENIED, ResultCode.REFUSED)])
def test_what_fails_stops_the_rest(journal: Journal, reply: Answer[None] | Refusal, expected: ResultCode) -> None:
    script = Script([NO], [reply])
    assert [one.code for one in enable(script, journal, STEP, NEXT)] == [expected, ResultCode.NOT_ATTEMPTED]
    assert set(script.steps) == {STEP}
