"""What has become of a delivery."""

from dataclasses import dataclass

from rootsweep.aws.answers import Refusal


@dataclass(frozen=True, slots=True)
class Sent:
    """The destination has taken it; ``what`` is a clause, such as ``3 changes``."""

    what: str


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """There is no news."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """The destination has not taken it, or not all of it: ``problem`` and ``advice`` are clauses without any secret."""

    problem: str
    advice: str


Outcome = Sent | NothingToSend | NotSent


def not_sent(refusal: Refusal) -> NotSent:
    """Tell what became of a delivery that AWS has not answered; one on which it may have acted may have arrived."""
    problem = f"{refusal.problem}; it may have arrived all the same" if refusal.may_have_acted else refusal.problem
    return NotSent(problem, refusal.advice)
