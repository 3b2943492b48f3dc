"""AWS's answers as plain values, for scripts of what an executor is told."""

from typing import TypeVar

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Access, Origin, UnavailableReason

T = TypeVar("T")


def answer(value: T, request_id: str | None = "a") -> Answer[T]:
    return Answer(value, Origin(Access.OWN, request_id=request_id))


def refusal(code: str | None, *, may_have_acted: bool = False, may_pass: bool = False) -> Refusal:
    """A refusal with AWS's own ``code``; None for a reply that was lost."""
    return Refusal(
        "the reply was lost" if code is None else f"AWS answers {code}",
        "run it again",
        UnavailableReason.UNREACHABLE if code is None else UnavailableReason.SERVICE_FAILURE,
        Origin(Access.OWN, request_id=None if code is None else "r"),
        code,
        may_have_acted=may_have_acted,
        may_pass=may_pass,
    )


DENIED = refusal("AccessDenied")
LOST = refusal(None, may_have_acted=True)
FAULT = refusal("ServiceException", may_have_acted=True)


def following(script: list[T]) -> T:
    """Take the next answer; the last one is given again and again."""
    return script.pop(0) if len(script) > 1 else script[0]
