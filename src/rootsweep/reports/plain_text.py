"""Text that is safe to show: names and paths come from outside and may hold anything."""

from typing import Final

_JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width joiners, which several scripts and emoji need to be written rightly."""


def printable(text: str) -> str:
    """Escape what a terminal would act on: control characters, bidirectional overrides, lone surrogates."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _JOINERS else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
