"""The executor that enables centralized root access: it looks, journals what it is about to do, acts, and makes sure.

The steps are taken in AWS's order, only those that are missing, and the first that fails stops the rest. A reply that was lost
is found out by asking, never assumed. Nothing here disables anything, and no step makes, changes or removes a credential.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from rootsweep.core.removal.central_access import Part, Step, StepOutcome, StepResult
from rootsweep.core.removal.journal import Entry, Intent, Outcome, Payload, unfinished_intents
from rootsweep.remediation.ports import Refused
from rootsweep.remediation.root_keys import sentence

ACTIONS: Final = {
    Part.TRUSTED_ACCESS: "enable_service_access",
    Part.ROOT_CREDENTIALS_MANAGEMENT: "enable_root_credentials_management",
    Part.ROOT_SESSIONS: "enable_root_sessions",
    Part.DELEGATED_ADMINISTRATOR: "register_delegated_administrator",
}
"""What the journal calls each step."""

_STOPPED: Final = "not attempted: the step before failed"


@dataclass(frozen=True, slots=True)
class Looked:
    """Whether a part is enabled, and the request that told it."""

    is_enabled: bool
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """AWS has answered that a part is enabled."""

    request_id: str | None


class Organization(Protocol):
    """What the executor needs of AWS."""

    def look(self, step: Step) -> Looked | Refused:
        """Ask whether the part is enabled."""

    def enable(self, step: Step) -> Accepted | Refused:
        """Enable the part."""


class Journal(Protocol):
    """Where intents and outcomes are kept, on disk before ``append`` returns."""

    def append(self, payload: Payload) -> Entry:
        """Keep an entry."""

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, those of earlier runs first."""


def digest_for(organization_id: str) -> str:
    """Give what the journal has in place of a plan's digest."""
    return f"central-access:{organization_id}"


@dataclass(frozen=True, slots=True)
class EnableFeatures:
    """Enables what is missing in one organization; ``pauses`` waits, ever longer, for changes to be seen, and then ends."""

    organization_id: str
    organization: Organization
    journal: Journal
    pauses: Callable[[], Iterable[float]]

    def run(self, steps: Iterable[Step]) -> Iterator[StepResult]:
        """Give what came of each step, in order.

        Raises what the journal raises where it cannot be written, after the result that it could not keep.
        """
        stopped = False
        for step in steps:
            if stopped:
                yield StepResult(step, StepOutcome.NOT_ATTEMPTED, _STOPPED)
                continue
            for result in self._step(step):
                stopped = not result.is_done
                yield result

    def _step(self, step: Step) -> Iterator[StepResult]:
        looked = self._look(step)
        if isinstance(looked, Refused):
            yield StepResult(step, StepOutcome.REFUSED, sentence(looked), _ids(looked.request_id))
            return
        if looked.is_enabled:
            result = StepResult(step, StepOutcome.ALREADY, "it was enabled already", _ids(looked.request_id))
            if self._is_unfinished(step):
                self._keep(result)
            yield result
            return
        self.journal.append(Intent(digest_for(self.organization_id), step.account_id, None, ACTIONS[step.part]))
        result = self._enable(step)
        try:
            self._keep(result)
        finally:
            # What was done is given before the error of a journal that could not keep it.
            yield result

    def _look(self, step: Step) -> Looked | Refused:
        """Look; what may pass is waited for, such as trusted access that IAM does not see yet."""
        looked = self.organization.look(step)
        if isinstance(looked, Refused) and looked.may_pass:
            for _ in self.pauses():
                looked = self.organization.look(step)
                if isinstance(looked, Looked) or not looked.may_pass:
                    break
        return looked

    def _enable(self, step: Step) -> StepResult:
        """Enable, and ask until it is seen; while AWS does not take it, it is asked again.

        A refusal ends it only where AWS cannot have acted on any of these calls.
        """
        reply = self.organization.enable(step)
        may_have_acted = not isinstance(reply, Refused) or reply.may_have_acted
        if isinstance(reply, Refused) and not reply.may_pass and not may_have_acted:
            return StepResult(step, StepOutcome.REFUSED, sentence(reply), _ids(reply.request_id))
        problem, is_seen_missing = "the change could not be verified", False
        for _ in _at_once_and_then(self.pauses):
            looked = self.organization.look(step)
            match looked:
                case Looked(is_enabled=True):
                    return StepResult(step, StepOutcome.ENABLED, "enabled, and seen", _ids(reply.request_id, looked.request_id))
                case Looked():
                    problem, is_seen_missing = "AWS does not show it yet", True
                case Refused():
                    problem = sentence(looked)
            if isinstance(reply, Refused) and reply.may_pass:
                reply = self.organization.enable(step)
                may_have_acted = may_have_acted or not isinstance(reply, Refused) or reply.may_have_acted
                if isinstance(reply, Refused) and not reply.may_pass and not may_have_acted:
                    return StepResult(step, StepOutcome.REFUSED, sentence(reply), _ids(reply.request_id))
        if isinstance(reply, Refused) and is_seen_missing:
            return StepResult(step, StepOutcome.NOT_ENABLED, sentence(reply), _ids(reply.request_id))
        return StepResult(step, StepOutcome.NOT_VERIFIED, problem, _ids(reply.request_id))

    def _keep(self, result: StepResult) -> None:
        step = result.step
        self.journal.append(
            Outcome(
                digest_for(self.organization_id),
                step.account_id,
                None,
                ACTIONS[step.part],
                result.outcome.value,
                result.detail,
                result.request_ids,
            )
        )

    def _is_unfinished(self, step: Step) -> bool:
        """Tell whether an earlier run has begun this step and not told how it ended."""
        wanted = Intent(digest_for(self.organization_id), step.account_id, None, ACTIONS[step.part])
        return any(entry.payload == wanted for entry in unfinished_intents(self.journal.entries()))


def _at_once_and_then(pauses: Callable[[], Iterable[float]]) -> Iterator[float]:
    yield 0.0
    yield from pauses()


def _ids(*request_ids: str | None) -> tuple[str, ...]:
    return tuple(request_id for request_id in request_ids if request_id is not None)
