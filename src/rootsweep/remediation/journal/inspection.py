"""Verifies a journal, and reads it as far as its entries follow from each other; it may be written meanwhile."""

from collections.abc import Sequence
from pathlib import Path

from rootsweep.model.journal import NO_PREVIOUS, Entry, ExpectedHead, Inspection, Verification
from rootsweep.remediation.journal.chain import verification_of
from rootsweep.remediation.journal.reading import read_links
from rootsweep.remediation.journal.unfinished import unfinished_intents


def verify(path: Path) -> Verification:
    """Check that each entry follows from the one before; raises ``UsageError`` when the file cannot be read or is none."""
    return verification_of(read_links(path))


def inspect_journal(path: Path, expected_head: str | None = None) -> Inspection:
    """Read and verify a journal; ``expected_head`` is a hash of it that was noted before, in lower case.

    Raises ``UsageError`` when the file cannot be read or is no journal.
    """
    links = tuple(read_links(path))
    entries = tuple(link for link in links if isinstance(link, Entry))
    expected = None if expected_head is None else ExpectedHead(expected_head, _line_with(expected_head, entries))
    return Inspection(entries, verification_of(links), unfinished_intents(entries), expected)


def _line_with(expected_head: str, entries: Sequence[Entry]) -> int | None:
    """Give the line that has this hash; line 0 has the one of a journal without an entry."""
    if expected_head == NO_PREVIOUS:
        return 0
    return next((entry.sequence + 1 for entry in entries if entry.hash == expected_head), None)
