"""Whether each line of a journal follows from the one before it; nothing here reads a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from rootsweep.model.journal import NO_PREVIOUS, Entry, Verification
from rootsweep.remediation.journal.conversion import entry_of


@dataclass(frozen=True, slots=True)
class TornEnd:
    """A last line without a line end."""

    content: bytes


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A line, counted from 1, that does not follow; ``problem`` says so in a clause that names it."""

    line: int
    problem: str


Link = Entry | TornEnd | BrokenLink


def follow(lines: Iterable[bytes]) -> Iterator[Link]:
    """Give the entry of each line, with its line end, as far as they follow from each other; a ``BrokenLink`` ends it."""
    previous = NO_PREVIOUS
    for number, line in enumerate(lines, start=1):
        link = _link(number, line, previous)
        yield link
        if not isinstance(link, Entry):
            return
        previous = link.hash


def verification_of(links: Iterable[Link]) -> Verification:
    """Sum up the links of a chain."""
    entries, head = 0, NO_PREVIOUS
    for link in links:
        match link:
            case Entry():
                entries, head = entries + 1, link.hash
            case TornEnd(content=content):
                return _intact(entries, head, torn_bytes=len(content))
            case BrokenLink(line=line, problem=problem):
                return Verification(entries, intact=False, broken_line=line, problem=problem, head=head)
            case _:
                assert_never(link)
    return _intact(entries, head)


def _intact(entries: int, head: str, torn_bytes: int = 0) -> Verification:
    return Verification(entries, intact=True, broken_line=None, problem=None, head=head, torn_bytes=torn_bytes)


def _link(number: int, line: bytes, previous: str) -> Link:
    if not line.endswith(b"\n"):
        return TornEnd(line)
    try:
        entry = entry_of(line)
    except ValueError:
        return BrokenLink(number, f"line {number} is not an entry: the journal was changed, or a newer rootsweep wrote it")
    if (entry.sequence, entry.previous) == (number - 1, previous):
        return entry
    before = "the beginning" if number == 1 else f"line {number - 1}"
    return BrokenLink(number, f"line {number} does not follow from {before}: the journal was changed")
