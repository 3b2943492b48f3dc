"""What fits into a comment, and how many of the rest there are."""

from collections.abc import Iterable
from typing import Final

from rootsweep.reports.counted import counted

ELSEWHERE: Final = "see the JSON or HTML report"


def fitting(pieces: Iterable[str], most: int) -> list[str]:
    """Take pieces from the beginning while they fit into ``most`` bytes, each with a separator of two."""
    taken: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece.encode()) + 2
        if size > most:
            break
        taken.append(piece)
    return taken


def and_more(number: int, noun: str, what: str = "") -> str:
    """Tell how many were left out."""
    return f"and {counted(number, f'more {noun}')}{what}: {ELSEWHERE}"


def section(title: str, shown: list[str], number: int, noun: str, between: str = "\n") -> list[str]:
    """Give a section with the pieces that fit, and how many of ``number`` were left out; nothing where there is none."""
    if not number:
        return []
    hidden = number - len(shown)
    return [f"### {title}", *([between.join(shown)] if shown else []), *([f"{and_more(hidden, noun)}."] if hidden else [])]
