"""Centralized root access, enabled part by part: in AWS's order, only what is missing.

Nothing here disables anything, and no step makes, changes or removes a credential.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.removal.central_access import Part, Step
from rootsweep.core.removal.journal import Intent, unfinished_intents
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.executor import Check, Executor, Journal, Pauses, Sight, known_ids, refused, until_one_fails
from rootsweep.remediation.ports import Organization

ACTIONS: Final = {
    Part.TRUSTED_ACCESS: "enable_service_access",
    Part.ROOT_CREDENTIALS_MANAGEMENT: "enable_root_credentials_management",
    Part.ROOT_SESSIONS: "enable_root_sessions",
    Part.DELEGATED_ADMINISTRATOR: "register_delegated_administrator",
}
"""What the journal calls each step."""


def digest_for(organization_id: str) -> str:
    """Return what the journal has in place of a plan's digest."""
    return f"central-access:{organization_id}"


@dataclass(frozen=True, slots=True)
class EnableFeatures:
    """Enables what is missing in one organization."""

    organization: Organization
    executor: Executor

    @classmethod
    def of(cls, organization_id: str, organization: Organization, journal: Journal, pauses: Pauses) -> "EnableFeatures":
        """Return one whose journal entries are of the organization, for there is no plan."""
        return cls(organization, Executor(digest_for(organization_id), journal, pauses))

    def run(self, steps: Iterable[Step]) -> Iterator[Result[Step]]:
        """Return what came of each step, in order.

        Raises what the journal raises where it cannot be written, after the result that it could not keep.
        """
        return until_one_fails(steps, self._step, "not attempted: the step before failed")

    def _step(self, step: Step) -> Iterator[Result[Step]]:
        # What may pass is waited for, such as trusted access that IAM does not see yet.
        looked = self.executor.insist(lambda: self.organization.look(step), _may_pass)
        if isinstance(looked, Refusal):
            yield refused(step, looked)
        elif looked.value:
            result = Result(step, ResultCode.ALREADY_ENABLED, "it was enabled already", known_ids(looked.request_id))
            unfinished = self._unfinished(step)
            yield from (result,) if unfinished is None else self.executor.conclude(unfinished, result)
        else:
            intent = self.executor.intend(step.account_id, None, ACTIONS[step.part])
            yield from self.executor.conclude(intent, self._enable(step))

    def _enable(self, step: Step) -> Result[Step]:
        """Enable, and ask until it is seen; while AWS does not take it, it is asked again.

        A refusal ends it only where AWS cannot have acted on any of these calls.
        """
        reply = self.organization.enable(step)

        def look() -> Check:
            nonlocal reply
            if _is_final(reply):
                return Check(Sight.BLIND, "")
            looked = self.organization.look(step)
            if isinstance(looked, Answer) and looked.value:
                return Check(Sight.DONE, "enabled, and seen", (looked.request_id,))
            if isinstance(reply, Refusal) and reply.may_pass:
                reply = _asked_again(reply, self.organization.enable(step))
                if _is_final(reply):
                    return Check(Sight.BLIND, "")
            if isinstance(looked, Refusal):
                return Check(Sight.UNCERTAIN, looked.sentence)
            return Check(Sight.UNCHANGED, "AWS does not show it yet")

        last = self.executor.watch(look)
        ids = known_ids(reply.request_id, *last.request_ids)
        match last.sight, reply:
            case Sight.DONE, _:
                return Result(step, ResultCode.ENABLED, last.words, ids)
            case Sight.BLIND, Refusal():
                return refused(step, reply)
            case Sight.UNCHANGED, Refusal():
                return Result(step, ResultCode.NOT_ENABLED, reply.sentence, ids)
            case _:
                return Result(step, ResultCode.NOT_VERIFIED, last.words, ids)

    def _unfinished(self, step: Step) -> Intent | None:
        """Find what an earlier run has begun of this step without telling how it ended."""
        wanted = self.executor.intent(step.account_id, None, ACTIONS[step.part])
        return wanted if any(entry.payload == wanted for entry in unfinished_intents(self.executor.journal.entries())) else None


def _may_pass(refusal: Refusal) -> bool:
    return refusal.may_pass


def _is_final(reply: Answer[object] | Refusal) -> bool:
    return isinstance(reply, Refusal) and not reply.may_pass and not reply.may_have_acted


def _asked_again(before: Refusal, reply: Answer[object] | Refusal) -> Answer[object] | Refusal:
    if isinstance(reply, Answer):
        return reply
    return replace(reply, may_have_acted=before.may_have_acted or reply.may_have_acted)
