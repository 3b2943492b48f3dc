"""What comes back from a call: an answer, or why there is none."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from rootsweep.core.evidence import Denial, Origin, Source, Unavailable, UnavailableReason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A value, and the call and time that it comes from."""

    value: T
    origin: Origin


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call without an answer.

    ``problem`` is a clause that says what happened, ``advice`` one that says what to do; ``error_code`` is AWS's own where AWS
    answered, ``denial`` what it denied. ``may_have_acted`` is False only where AWS surely did not act on the call
    (``aws/tries.py``); after any other end a change is asked about. What is decided is decided by the fields; problem and
    advice are for people alone.
    """

    reason: UnavailableReason
    problem: str
    advice: str
    origin: Origin
    error_code: str | None = None
    denial: Denial | None = None
    may_have_acted: bool = False

    def as_evidence(self, source: Source) -> Unavailable:
        """Give the refusal as what is known of a source: nothing, and why."""
        return Unavailable(source, self.reason, self.advice, self.origin, self.error_code, self.denial)
