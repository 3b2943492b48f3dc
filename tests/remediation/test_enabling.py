"""What the enabling of centralized root access makes of AWS's answers, by plain scripted ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rootsweep.core.removal.central_access import Part, Step, StepOutcome, StepResult
from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.remediation.central_access import Accepted, EnableFeatures, Looked
from rootsweep.remediation.ports import Refused
from rootsweep.storage.journal import Journal
from tests.remediation.journals import ticking

STEP = Step(Part.ROOT_SESSIONS, "111122223333")
NEXT = Step(Part.DELEGATED_ADMINISTRATOR, "222233334444")

DENIED = Refused("denied", "allow it", "AccessDenied", "r")
BUSY = Refused("another change is under way", "run it again", "ConcurrentModificationException", "r", may_pass=True)
LOST = Refused("the reply was lost", "run it again", None, None, may_have_acted=True, may_pass=True)
FAULT = Refused("AWS failed", "run it again", "ServiceException", "r", may_have_acted=True, may_pass=True)
DENIED_AFTER_A_LOST_TRY = Refused("denied", "allow it", "AccessDenied", "r", may_have_acted=True)

NO, YES = Looked(is_enabled=False, request_id="l"), Looked(is_enabled=True, request_id="l")
TAKEN = Accepted("a")


@dataclass
class Script:
    """Gives the answers in their order, the last one again and again."""

    looks: list[Looked | Refused]
    replies: list[Accepted | Refused]
    asked: int = 0
    steps: list[Step] = field(default_factory=list)

    def look(self, step: Step) -> Looked | Refused:
        self.steps.append(step)
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def enable(self, step: Step) -> Accepted | Refused:
        assert step == self.steps[-1]
        self.asked += 1
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.fixture(name="journal")
def empty_journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.jsonl", ticking()) as journal:
        yield journal


def enable(script: Script, journal: Journal, *steps: Step) -> list[StepResult]:
    return list(EnableFeatures("o-exampleorgid", script, journal, lambda: (0.0, 0.0)).run(steps))


@pytest.mark.parametrize(
    ("looks", "replies", "expected", "asked"),
    [
        ([YES], [TAKEN], StepOutcome.ALREADY, 0),
        ([DENIED], [TAKEN], StepOutcome.REFUSED, 0),
        ([BUSY, NO, YES], [TAKEN], StepOutcome.ENABLED, 1),
        ([NO, YES], [TAKEN], StepOutcome.ENABLED, 1),
        ([NO, NO, YES], [TAKEN], StepOutcome.ENABLED, 1),
        ([NO], [TAKEN], StepOutcome.NOT_VERIFIED, 1),
        ([NO], [DENIED], StepOutcome.REFUSED, 1),
        ([NO, YES], [LOST], StepOutcome.ENABLED, 1),
        ([NO, YES], [FAULT], StepOutcome.ENABLED, 1),
        ([NO, NO, YES], [FAULT, DENIED], StepOutcome.ENABLED, 2),
        ([NO, YES], [DENIED_AFTER_A_LOST_TRY], StepOutcome.ENABLED, 1),
        ([NO], [DENIED_AFTER_A_LOST_TRY], StepOutcome.NOT_ENABLED, 1),
        ([NO, NO, YES], [BUSY, TAKEN], StepOutcome.ENABLED, 2),
        ([NO], [BUSY, DENIED], StepOutcome.REFUSED, 2),
        ([NO], [LOST], StepOutcome.NOT_ENABLED, 4),
        ([NO, DENIED], [TAKEN], StepOutcome.NOT_VERIFIED, 1),
    ],
)
def test_what_is_made_of_the_answers(
    journal: Journal,
    looks: list[Looked | Refused],
    replies: list[Accepted | Refused],
    expected: StepOutcome,
    asked: int,
) -> None:
    script = Script(list(looks), list(replies))
    (result,) = enable(script, journal, STEP)
    assert (result.outcome, script.asked) == (expected, asked)
    written = [entry.payload for entry in journal.entries()]
    assert [type(one) for one in written] == ([Intent, Outcome] if asked else [])


@pytest.mark.parametrize(("reply", "expected"), [(TAKEN, StepOutcome.NOT_VERIFIED), (DENIED, StepOutcome.REFUSED)])
def test_what_fails_stops_the_rest(journal: Journal, reply: Accepted | Refused, expected: StepOutcome) -> None:
    script = Script([NO], [reply])
    assert [one.outcome for one in enable(script, journal, STEP, NEXT)] == [expected, StepOutcome.NOT_ATTEMPTED]
    assert set(script.steps) == {STEP}
