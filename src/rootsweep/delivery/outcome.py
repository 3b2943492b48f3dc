"""What has become of a delivery."""

from dataclasses import dataclass


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
