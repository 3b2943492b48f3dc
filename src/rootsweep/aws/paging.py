"""Lists that come in pages: followed from token to token, and never for ever.

A list that leads nowhere is broken off: where a token comes a second time, where page after page brings nothing new, or where
the time for it is over. What was read by then is not the whole list.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from rootsweep.aws.pacing import seconds_left
from rootsweep.core.evidence import UnavailableReason

T = TypeVar("T")

_MOST_WITHOUT_NEWS: Final = 100
"""Pages in a row that may bring nothing new; AWS Organizations gives empty pages that are not the last."""

_WHAT_READING_RAISES: Final = (LookupError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list; ``next_token`` None marks the last, ``unusable`` counts the entries that could not be read."""

    items: tuple[T, ...]
    next_token: str | None
    unusable: int = 0


class BrokenListError(Exception):
    """A list that was broken off; ``problem`` is a clause that says why."""

    def __init__(self, reason: UnavailableReason, problem: str) -> None:
        super().__init__(problem)
        self.reason = reason
        self.problem = problem


@dataclass(slots=True)
class Course:
    """The course of one list, page after page."""

    _tokens: set[str] = field(default_factory=set)
    _entries: set[Hashable] = field(default_factory=set)
    _pages_without_news: int = 0

    def go_on(self, token: str, entries: Iterable[Hashable] | None = None) -> None:
        """Check that the page of a token may be asked for, after the page of ``entries``; raises ``BrokenListError``.

        That is also raised where the deadline has passed. ``entries`` is None where those that are alike may be different ones.
        """
        if token in self._tokens:
            raise BrokenListError(UnavailableReason.UNUSABLE_ANSWER, "it never ends: AWS gave a token that it had given before")
        self._tokens.add(token)
        if entries is not None:
            known = len(self._entries)
            self._entries.update(entries)
            self._pages_without_news = self._pages_without_news + 1 if len(self._entries) == known else 0
        left = seconds_left()
        if left is not None and left <= 0:
            raise BrokenListError(UnavailableReason.TIMED_OUT, "it did not end in time")
        if self._pages_without_news >= _MOST_WITHOUT_NEWS:
            raise BrokenListError(
                UnavailableReason.UNUSABLE_ANSWER, f"it never ends: {_MOST_WITHOUT_NEWS} pages in a row brought nothing new"
            )


def every_page(
    call: Callable[..., dict[str, Any]], member: str, *, cursor: str = "NextToken", **parameters: Any
) -> dict[str, Any]:
    """Ask for every page of a list; give the last, which tells when the list was whole, with the entries of all.

    ``call`` is a method of the SDK's client. ``cursor`` is ``NextToken``, or ``Marker`` where ``IsTruncated`` says
    whether there is more. Raises ``BrokenListError``, and ``KeyError`` for a page
    without the list or without the token that it should hold.
    """
    course = Course()
    page = call(**parameters)
    entries = list(page[member])
    read = len(entries)
    while token := _next_token(page, cursor):
        course.go_on(token, map(repr, entries[-read:] if read else ()))
        page = call(**parameters, **{cursor: token})
        read = len(page[member])
        entries += page[member]
    return page | {member: entries}


def read_page(response: dict[str, Any], member: str, read: Callable[[dict[str, Any]], T]) -> Page[T]:
    """Read a page entry by entry, and count those that cannot be read; ``KeyError`` for an answer without the list."""
    items: list[T] = []
    entries = response[member]
    for entry in entries:
        try:
            items.append(read(entry))
        except _WHAT_READING_RAISES:
            continue
    return Page(tuple(items), response.get("NextToken") or None, len(entries) - len(items))


def _next_token(page: dict[str, Any], cursor: str) -> str | None:
    if cursor == "Marker":
        return str(page["Marker"]) if page.get("IsTruncated") else None
    token = page.get(cursor)
    return str(token) if token else None
