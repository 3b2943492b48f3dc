"""The executor that attaches the shared policy, account by account, and journals each before and after.

Per account: what is attached is listed and kept in the journal, the intent journaled, the policy attached, and the list asked
until it shows it. Any doubt stops the account, not the others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rootsweep.model.journal import Intent, Outcome
from rootsweep.remediation.application import Journal
from rootsweep.remediation.gateway import Refused
from rootsweep.remediation.quarantine.gateway import Attached, PolicyGateway
from rootsweep.remediation.quarantine.history import QUARANTINE, UNKNOWN, Standing, note_of_before, settling, standings
from rootsweep.remediation.quarantine.policy import MOST_ATTACHED, NAME, SharedPolicy
from rootsweep.remediation.quarantine.preparing import Pauses, at_once_and_then, retried
from rootsweep.remediation.quarantine.results import AccountResult, Result
from rootsweep.remediation.rehearsal import sentence

_ATTACHED_ALREADY: Final = "DuplicatePolicyAttachmentException"
_BY_OTHERS: Final = f"{NAME} was attached before, by somebody else; `rootsweep quarantine lift` will leave it alone"


@dataclass(frozen=True, slots=True)
class Placing:
    """Attaches one policy; ``pauses`` waits, ever longer, for changes to be seen, and ends at its deadline."""

    digest: str
    policy: SharedPolicy
    gateway: PolicyGateway
    journal: Journal
    pauses: Pauses

    def run(self, account_ids: Iterable[str]) -> Iterator[AccountResult]:
        """Give what came of each account; one that an earlier run has quarantined is only looked at."""
        for account_id in account_ids:
            yield from self._account(account_id)

    def _account(self, account_id: str) -> Iterator[AccountResult]:
        before = self.gateway.attached(account_id)
        if isinstance(before, Refused):
            yield AccountResult(account_id, Result.REFUSED, sentence(before), _ids(before.request_id))
            return
        is_attached = self.policy.id in before.policy_ids
        for outcome in settling(self._standing(account_id), is_attached=is_attached):
            self.journal.append(outcome)
        if is_attached:
            yield from self._there_already(account_id, before.request_id, self._standing(account_id))
            return
        if len(before.policy_ids) >= MOST_ATTACHED:
            detail = (
                f"it has {len(before.policy_ids)} service control policies, as many as AWS allows; detach or merge one of them"
            )
            yield AccountResult(account_id, Result.REFUSED, detail, _ids(before.request_id))
            return
        was_ours = self._standing(account_id).is_ours
        self.journal.append(note_of_before(account_id, before.policy_ids))
        self.journal.append(Intent(self.digest, account_id, None, QUARANTINE))
        yield from self._journaled(self._attach(account_id, before, was_ours=was_ours))

    def _there_already(self, account_id: str, request_id: str | None, standing: Standing) -> Iterator[AccountResult]:
        ids = _ids(request_id)
        if not standing.is_ours:
            yield from self._journaled(AccountResult(account_id, Result.ALREADY_ATTACHED, _BY_OTHERS, ids))
            return
        result = AccountResult(account_id, Result.QUARANTINED, "attached by an earlier run", ids)
        yield from (result,) if standing.is_confirmed else self._journaled(result)

    def _attach(self, account_id: str, before: Attached, *, was_ours: bool) -> AccountResult:
        """Attach the policy; what AWS finds attached although the list before left it out is rootsweep's only if it was."""
        reply = retried(lambda: self.gateway.attach(self.policy.id, account_id), self.pauses)
        ids = (before.request_id, reply.request_id)
        if isinstance(reply, Refused) and not reply.may_have_acted:
            if reply.code != _ATTACHED_ALREADY:
                return AccountResult(account_id, Result.REFUSED, sentence(reply), _ids(*ids))
            if not was_ours:
                return AccountResult(account_id, Result.ALREADY_ATTACHED, _BY_OTHERS, _ids(*ids))
        problem = "that the policy is attached could not be verified"
        was_seen_without = False
        for _ in at_once_and_then(self.pauses):
            after = self.gateway.attached(account_id)
            if isinstance(after, Refused):
                problem, was_seen_without = sentence(after), False
                continue
            if self.policy.id in after.policy_ids:
                detail = f"{NAME} ({self.policy.id}) is attached beside {', '.join(sorted(before.policy_ids))}"
                return AccountResult(account_id, Result.QUARANTINED, detail, _ids(*ids, after.request_id))
            problem, was_seen_without = "the policy is not seen to be attached", True
        if isinstance(reply, Refused) and reply.may_have_acted and was_seen_without:
            return AccountResult(account_id, Result.NOT_ATTACHED, f"{sentence(reply)}; nothing was attached", _ids(*ids))
        return AccountResult(account_id, Result.NOT_VERIFIED, problem, _ids(*ids))

    def _standing(self, account_id: str) -> Standing:
        return standings(self.journal.entries()).get(account_id, UNKNOWN)

    def _journaled(self, result: AccountResult) -> Iterator[AccountResult]:
        outcome, ids = result.result.value, result.request_ids
        try:
            self.journal.append(Outcome(self.digest, result.account_id, None, QUARANTINE, outcome, result.detail, ids))
        finally:
            # What was done is given before the error of a journal that could not keep it.
            yield result


def _ids(*request_ids: str | None) -> tuple[str, ...]:
    return tuple(request_id for request_id in request_ids if request_id is not None)
