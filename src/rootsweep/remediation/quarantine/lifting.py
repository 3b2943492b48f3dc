"""The executor that detaches the shared policy exactly where the journal says that rootsweep attached it.

Per account: what is attached is listed, the intent journaled, the policy detached, and both its list and that of the policy's
targets asked until neither shows it; the list is then held against the one before. What somebody else attached is left alone,
and so is what the journal does not know.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rootsweep.model.journal import Intent, Outcome
from rootsweep.remediation.application import Journal
from rootsweep.remediation.gateway import Refused
from rootsweep.remediation.quarantine.gateway import Attached, NoPolicy, PolicyGateway
from rootsweep.remediation.quarantine.history import LIFT, UNKNOWN, Standing, settling, standings
from rootsweep.remediation.quarantine.policy import NAME, SharedPolicy
from rootsweep.remediation.quarantine.preparing import Pauses, at_once_and_then, retried
from rootsweep.remediation.quarantine.results import AccountResult, Result
from rootsweep.remediation.rehearsal import sentence

_NOT_THERE: Final = frozenset({"PolicyNotAttachedException", "PolicyNotFoundException"})


@dataclass(frozen=True, slots=True)
class Lifting:
    """Detaches one policy, or finds out that there is none; ``pauses`` waits, ever longer, and ends at its deadline."""

    digest: str
    policy: SharedPolicy | NoPolicy
    gateway: PolicyGateway
    journal: Journal
    pauses: Pauses

    def run(self, account_ids: Iterable[str]) -> Iterator[AccountResult]:
        """Give what came of each account."""
        for account_id in account_ids:
            match self.policy:
                case NoPolicy():
                    yield from self._without_policy(account_id)
                case SharedPolicy(id=policy_id):
                    yield from self._account(account_id, policy_id)

    def _without_policy(self, account_id: str) -> Iterator[AccountResult]:
        """Look at the account's own list too before that of the organization is believed, which shows no such policy."""
        seen = self.gateway.attached(account_id)
        if isinstance(seen, Refused):
            yield AccountResult(account_id, Result.REFUSED, sentence(seen), _ids(seen.request_id))
            return
        if NAME in seen.names:
            detail = f"AWS does not list the policy {NAME}, and shows it attached to the account: run the command again"
            yield AccountResult(account_id, Result.NOT_VERIFIED, detail, _ids(seen.request_id))
            return
        standing = self._settled(account_id, is_attached=False)
        result = AccountResult(account_id, Result.NOT_QUARANTINED, f"no policy {NAME} exists", _ids(seen.request_id))
        yield from self._journaled(result) if standing.is_ours else (result,)

    def _account(self, account_id: str, policy_id: str) -> Iterator[AccountResult]:
        before = self.gateway.attached(account_id)
        if isinstance(before, Refused):
            yield AccountResult(account_id, Result.REFUSED, sentence(before), _ids(before.request_id))
            return
        # One list without the policy does not tell that an interrupted lift was done: detaching again does.
        standing = self._settled(account_id, is_attached=policy_id in before.policy_ids, is_lift_certain=False)
        if not standing.is_ours:
            yield self._not_ours(account_id, policy_id, before, standing)
            return
        self.journal.append(Intent(self.digest, account_id, None, LIFT))
        result = self._detach(account_id, policy_id, before, standing)
        settled = settling(standing, is_attached=False) if result.is_done else ()
        yield from self._journaled(result, [outcome for outcome in settled if outcome.plan_digest != self.digest])

    def _detach(self, account_id: str, policy_id: str, before: Attached, standing: Standing) -> AccountResult:
        """Detach, though the list may not show the policy: it shows changes late, and the call tells."""
        reply = retried(lambda: self.gateway.detach(policy_id, account_id), self.pauses)
        ids = (before.request_id, reply.request_id)
        if isinstance(reply, Refused) and reply.code in _NOT_THERE and policy_id not in before.policy_ids:
            detail = f"the policy was detached already; {_difference(standing, before.policy_ids)}"
            return AccountResult(account_id, Result.NOT_QUARANTINED, detail, _ids(*ids))
        if isinstance(reply, Refused) and not reply.may_have_acted and reply.code not in _NOT_THERE:
            return AccountResult(account_id, Result.REFUSED, sentence(reply), _ids(*ids))
        problem = "that the policy is detached could not be verified"
        is_still_there = False
        for _ in at_once_and_then(self.pauses):
            after = self.gateway.attached(account_id)
            if isinstance(after, Refused):
                problem, is_still_there = sentence(after), False
                continue
            targets = self.gateway.targets(policy_id)
            if isinstance(targets, Refused) and targets.code not in _NOT_THERE:
                problem, is_still_there = sentence(targets), False
                continue
            its_targets = () if isinstance(targets, Refused) else targets.ids
            is_still_there = policy_id in after.policy_ids or account_id in its_targets
            if not is_still_there:
                detail = f"detached; {_difference(standing, after.policy_ids)}"
                return AccountResult(account_id, Result.LIFTED, detail, _ids(*ids, after.request_id))
            problem = "the policy is still seen to be attached"
        if isinstance(reply, Refused) and is_still_there:
            return AccountResult(account_id, Result.NOT_LIFTED, f"{sentence(reply)}; the policy is still attached", _ids(*ids))
        return AccountResult(account_id, Result.NOT_VERIFIED, problem, _ids(*ids))

    def _not_ours(self, account_id: str, policy_id: str, seen: Attached, standing: Standing) -> AccountResult:
        """Say what is with a policy that the journal does not call rootsweep's; where one list lacks it, ask the other."""
        ids = _ids(seen.request_id)
        if policy_id not in seen.policy_ids:
            targets = self.gateway.targets(policy_id)
            if isinstance(targets, Refused) and targets.code not in _NOT_THERE:
                return AccountResult(account_id, Result.REFUSED, sentence(targets), _ids(*ids, targets.request_id))
            if isinstance(targets, Refused) or account_id not in targets.ids:
                return AccountResult(account_id, Result.NOT_QUARANTINED, f"{NAME} is not attached", ids)
        if standing.is_others:
            detail = f"{NAME} was attached before this quarantine, by somebody else: it is left as it was"
            return AccountResult(account_id, Result.LEFT_ALONE, detail, ids)
        detail = (
            f"{NAME} is attached, and the journal does not say that rootsweep did it: name the right one with --journal, or "
            f"run `aws organizations detach-policy --policy-id {policy_id} --target-id {account_id}`"
        )
        return AccountResult(account_id, Result.NOT_IN_JOURNAL, detail, ids)

    def _settled(self, account_id: str, *, is_attached: bool, is_lift_certain: bool = True) -> Standing:
        """Tell what came of what an earlier run began, except of a lift that is not certain, and give what is known then."""
        for outcome in settling(standings(self.journal.entries()).get(account_id, UNKNOWN), is_attached=is_attached):
            if is_lift_certain or outcome.outcome != Result.LIFTED:
                self.journal.append(outcome)
        return standings(self.journal.entries()).get(account_id, UNKNOWN)

    def _journaled(self, result: AccountResult, settled: Iterable[Outcome] = ()) -> Iterator[AccountResult]:
        outcome, ids = result.result.value, result.request_ids
        try:
            for earlier in settled:
                self.journal.append(earlier)
            self.journal.append(Outcome(self.digest, result.account_id, None, LIFT, outcome, result.detail, ids))
        finally:
            # What was done is given before the error of a journal that could not keep it.
            yield result


def _difference(standing: Standing, now: frozenset[str]) -> str:
    """Hold the attached policies against those from before the quarantine."""
    if standing.before is None:
        return "the journal does not tell which policies were attached before"
    if standing.before == now:
        return "the account has exactly the policies from before"
    changes = [*(f"+{one}" for one in sorted(now - standing.before)), *(f"-{one}" for one in sorted(standing.before - now))]
    return f"somebody else has changed the account's policies meanwhile ({', '.join(changes)})"


def _ids(*request_ids: str | None) -> tuple[str, ...]:
    return tuple(request_id for request_id in request_ids if request_id is not None)
