"""A value that readers see late.

IAM is eventually consistent (IAM User Guide, "Troubleshoot IAM", "Changes that I make are not always immediately visible").
How long it takes is not documented; captured AWS answers (commercial partition, September 2026) show up to 180 s after a
delegated administrator is removed.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class Eventual(Generic[T]):
    """The truth, and what readers see until each of its changes has spread."""

    __slots__ = ("_older", "truth")

    def __init__(self, truth: T) -> None:
        self.truth = truth
        self._older: list[tuple[float, T]] | None = None

    def seen(self, now: float) -> T:
        """Give the value that a reader sees at ``now`` (epoch seconds)."""
        if self._older is not None:
            self._older = [entry for entry in self._older if now < entry[0]] or None
        return self.truth if self._older is None else self._older[0][1]

    def write(self, value: T, *, visible_at: float) -> None:
        """Change the truth; until ``visible_at`` (epoch seconds) readers see what was there before."""
        self._older = [*(self._older or []), (visible_at, self.truth)]
        self.truth = value
