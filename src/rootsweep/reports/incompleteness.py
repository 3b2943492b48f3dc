"""Why an audit tells less than was asked of it, for the formats that machines read."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rootsweep.model.run import RejectedInput, Run


class IncompletenessCode(StrEnum):
    """What is missing: accounts that could not be listed, an input that is not evidence, or any account at all."""

    SCOPE_INCOMPLETE = "scope_incomplete"
    INPUT_REJECTED = "input_rejected"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True, slots=True)
class Incompleteness:
    """One reason, as a sentence; ``rejected`` is the input, None where it is not about one."""

    code: IncompletenessCode
    message: str
    rejected: RejectedInput | None = None


def incompleteness(run: Run) -> Iterator[Incompleteness]:
    """Give every reason why accounts may be missing from a run; none where it covers all that it was asked to cover."""
    if not run.scope.complete:
        because = f": {run.scope.incomplete_because}" if run.scope.incomplete_because else ""
        message = _sentence(f"The accounts in scope could not all be listed, so that accounts are missing here{because}")
        yield Incompleteness(IncompletenessCode.SCOPE_INCOMPLETE, message)
    if not run.findings:
        yield Incompleteness(IncompletenessCode.NO_ACCOUNT, "The audit covers no account, so that it proves nothing.")
    for rejected in run.rejected_inputs:
        message = _sentence(f"{rejected.place} was refused: {rejected.reason}")
        yield Incompleteness(IncompletenessCode.INPUT_REJECTED, message, rejected)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
