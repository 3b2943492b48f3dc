"""What comes back from a call: an answer, or why there is none."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from rootsweep.core.evidence import Denial, Origin, Source, Unavailable, UnavailableReason

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """A value, and the call and time that it comes from."""

    value: T_co
    origin: Origin

    @property
    def request_id(self) -> str | None:
        """The id that AWS gave the call."""
        return self.origin.request_id


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is not known or cannot go on, and what to do: two clauses."""

    problem: str
    advice: str

    @property
    def sentence(self) -> str:
        """Both clauses, for a person."""
        return f"{self.problem}; {self.advice}"


@dataclass(frozen=True, slots=True)
class Refusal(Problem):
    """A call without an answer.

    ``error_code`` is AWS's own where AWS answered, ``denial`` what it denied. ``may_have_acted`` is False only where AWS surely
    did not act on the call (``aws/tries.py``); after any other end a change is asked about. ``may_pass`` says that the same
    call may be answered otherwise in a moment. What is decided is decided by the fields; problem and advice are for people
    alone.
    """

    reason: UnavailableReason
    origin: Origin
    error_code: str | None = None
    denial: Denial | None = None
    may_have_acted: bool = False
    may_pass: bool = False

    @property
    def request_id(self) -> str | None:
        """The id that AWS gave the call, where it answered."""
        return self.origin.request_id

    def as_evidence(self, source: Source) -> Unavailable:
        """Return the refusal as what is known of a source: nothing, and why."""
        return Unavailable(source, self.reason, self.advice, self.origin, self.error_code, self.denial)
