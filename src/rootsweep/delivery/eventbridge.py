"""One event an account to a bus of Amazon EventBridge, for rules and programs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rootsweep.aws.pacing import within
from rootsweep.aws.publishing import MOST_ENTRIES, Entry, FailedEntry, put_events
from rootsweep.aws.session import AccountAccess
from rootsweep.core.answer import Refusal
from rootsweep.delivery.changes import AccountChange, Changes, account_document
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import EventBus, NotSent, Outcome, Sent, not_sent
from rootsweep.reports.wording import counted, one_line

SOURCE: Final = "rootsweep"
DETAIL_TYPE: Final = "Root Access Key Audit Finding"

_MOST_BYTES: Final = 256 * 1024
"""Of all entries of a call. EventBridge has raised it to 1 MB (EventBridge API reference, PutEvents); the old limit suits every
Region and partition."""


_MAY_PASS: Final = frozenset({"InternalException", "InternalFailure", "ThrottlingException"})
"""Codes of events that may be taken the next time (EventBridge User Guide, "Handling failures with PutEvents")."""


@dataclass(frozen=True, slots=True)
class _Lost:
    """How many events were not taken, and why the first of them."""

    events: int
    why: NotSent


def deliver(destination: EventBus, changes: Changes, context: DeliveryContext) -> Outcome:
    """Put the events, and look at what became of each; what fails keeps none of the others from being put."""
    sender = context.sender
    region = destination.region or sender.access.region
    access = AccountAccess(sender.access.access, region, sender.access.credentials)
    with within(context.pace.seconds):
        batches = _batches([_entry(item, changes, context) for item in changes.items])
        lost = [one for batch in batches for one in _put(batch, destination, access, context)]
    if not lost:
        return Sent(counted(len(changes.items), "event"))
    why = lost[0].why
    failed = sum(one.events for one in lost)
    return NotSent(f"{failed:,} of {counted(len(changes.items), 'event')} failed: {why.problem}", why.advice)


def _put(batch: list[Entry], destination: EventBus, access: AccountAccess, context: DeliveryContext) -> Iterator[_Lost]:
    """Put a batch, and again those of it that failed for what may pass."""
    for number in range(1, context.pace.tries + 1):
        outcome = put_events(context.sender.session, access, destination.bus, batch)
        if isinstance(outcome, Refusal):
            yield _Lost(len(batch), not_sent(outcome))
            return
        is_last = number == context.pace.tries
        again = [one for one in outcome.value if one.code in _MAY_PASS and not is_last]
        yield from (_Lost(1, _why(one)) for one in outcome.value if one not in again)
        batch = [batch[one.place] for one in again]
        if not batch:
            return
        time.sleep(min(context.pace.pause * 2 ** (number - 1), context.pace.longest_pause))


def _why(failed: FailedEntry) -> NotSent:
    return NotSent(f"EventBridge failed with {failed.code}: {one_line(failed.message, 200)}", "send it again")


def _entry(item: AccountChange, changes: Changes, context: DeliveryContext) -> Entry:
    partition = item.account.partition or changes.run.scope.partition or context.sender.partition
    return Entry(
        SOURCE,
        DETAIL_TYPE,
        account_document(item).decode(),
        f"arn:{partition}:iam::{item.account.id}:root",
        changes.run.finished_at,
    )


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == MOST_ENTRIES or size + entry.size > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch
