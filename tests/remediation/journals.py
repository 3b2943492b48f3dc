"""Journals for the tests: a clock that goes on by a second, and entries of every kind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from rootsweep.core.removal.journal import Entry, Intent, Note, Outcome, Payload, PlanOpened, RemediationCommand
from rootsweep.storage.journal import Journal

BEGUN_AT = datetime(2026, 11, 24, 8, 30, 15, 123456, tzinfo=UTC)
PLAN = "ab" * 32
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
REQUEST_ID = "6d8a8a2c-0000-4000-8000-0000000000ab"


def ticking() -> Callable[[], datetime]:
    seconds = count()
    return lambda: BEGUN_AT + timedelta(seconds=next(seconds))


def intent(number: int) -> Intent:
    return Intent(PLAN, f"{number:012}", KEY_ID, "delete_access_key")


def outcome(number: int) -> Outcome:
    return Outcome(PLAN, f"{number:012}", KEY_ID, "delete_access_key", "deleted", None, (REQUEST_ID,))


PLAN_OPENED = PlanOpened(
    PLAN, "o-exampleorgid", "arn:aws:sts::111122223333:assumed-role/Remover/someone", "0.4.0", RemediationCommand.APPLY
)
NOTE = Note("Zweigstelle Ä fertig, 東京 auch")
SETTLED: tuple[Payload, ...] = (PLAN_OPENED, intent(1), outcome(1), intent(2), outcome(2), NOTE)


def written(path: Path, *payloads: Payload) -> tuple[Entry, ...]:
    """Write a journal anew, or go on with the one that is there."""
    with Journal.open(path, ticking()) as journal:
        for payload in payloads:
            journal.append(payload)
        return journal.entries()
