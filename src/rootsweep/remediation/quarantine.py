"""The executors that attach the quarantine's policy and detach it, account by account, with a journal.

Per account: what is attached is listed and kept in the journal, the intent journaled, the policy attached, and the list asked
until it shows it. Any doubt stops the account, not the others.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from rootsweep.core.removal.journal import Intent, Note, Outcome
from rootsweep.core.removal.quarantine import (
    DESCRIPTION,
    MOST_ATTACHED,
    NAME,
    TAG,
    Problem,
    SharedPolicy,
    content,
    why_not_ours,
    why_not_usable,
)
from rootsweep.remediation.ports import Attached, Changed, NoPolicy, PolicyGateway, Refused
from rootsweep.remediation.quarantine_journal import (
    LIFT,
    QUARANTINE,
    UNKNOWN,
    AccountResult,
    Attachment,
    Result,
    attachments,
    note_of_before,
    settling,
)
from rootsweep.remediation.root_keys import Journal, sentence

# What comes before the first account: whether policies work at all, and the shared policy, found or made.
#
# AWS Organizations shows changes late, and a reply may be lost: what was changed is found out by asking, while there is time.

Pauses = Callable[[], Iterable[float]]

TRANSIENT: Final = frozenset({"ConcurrentModificationException", "PolicyChangesInProgressException"})
"""Codes of another change that is under way (Organizations API reference, AttachPolicy, "Errors"): it is waited for."""

_EXISTS: Final = "DuplicatePolicyException"

NO_POLICY_CODE: Final = "PolicyNotFoundException"
"""What AWS answers about a policy that does not exist (Organizations API reference, DescribePolicy, "Errors")."""


def check_policy_type(gateway: PolicyGateway) -> Problem | None:
    """Tell why no policy can be attached; None where the type is enabled in the root (Organizations API, ListRoots)."""
    found = gateway.policy_type()
    if isinstance(found, Refused):
        return _problem(found)
    if not found.is_enabled:
        return Problem(
            "service control policies are not enabled in the organization",
            "in the management account run `aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY "
            f"--root-id {found.root_id}`, which attaches FullAWSAccess everywhere and denies nothing",
        )
    return None


def find_or_create(gateway: PolicyGateway, journal: Journal, pauses: Pauses) -> SharedPolicy | Problem:
    """Give the shared policy, which is created where it is missing; a policy of this name that is not it is refused."""
    found = gateway.find(NAME)
    if isinstance(found, NoPolicy):
        journal.append(Note(f"the policy {NAME} is about to be created"))
        created = retried(lambda: gateway.create(NAME, DESCRIPTION, content(), TAG), pauses)
        if isinstance(created, Refused) and not created.may_have_acted and created.code != _EXISTS:
            return _problem(created)
        found = _waited_for(gateway, pauses)
    match found:
        case Refused():
            return _problem(found)
        case NoPolicy():
            return Problem(f"the policy {NAME} was created and is not seen", "run the command again")
        case SharedPolicy():
            return why_not_usable(found) or found


def find_ours(gateway: PolicyGateway, pauses: Pauses, *, must_exist: bool) -> SharedPolicy | NoPolicy | Problem:
    """Give the shared policy, whatever it holds now; one that must exist is waited for, as new ones show late."""
    found = _waited_for(gateway, pauses) if must_exist else gateway.find(NAME)
    match found:
        case Refused():
            return _problem(found)
        case NoPolicy():
            return found
        case SharedPolicy():
            return why_not_ours(found) or found


def delete_policy(gateway: PolicyGateway, journal: Journal, pauses: Pauses, policy_id: str) -> Problem | None:
    """Delete the shared policy where nothing has it any more; tell why it was not deleted, None where it is seen to be gone.

    That nothing has it AWS checks itself, whatever the list of its targets shows.
    """
    targets = gateway.targets(policy_id)
    if isinstance(targets, Refused):
        return _problem(targets)
    if targets.ids:
        return Problem(f"the policy {NAME} is still attached to {', '.join(targets.ids)}", "lift the quarantine there first")
    journal.append(Note(f"the policy {NAME} ({policy_id}) is about to be deleted"))
    reply = retried(lambda: gateway.delete(policy_id), pauses)
    if isinstance(reply, Refused) and reply.code != NO_POLICY_CODE and not reply.may_have_acted:
        return _problem(reply)
    problem = _why_not_gone(gateway, pauses, policy_id, reply)
    if problem is not None:
        return problem
    journal.append(Note(f"the policy {NAME} ({policy_id}) was deleted"))
    return None


def retried(change: Callable[[], Changed | Refused], pauses: Pauses) -> Changed | Refused:
    """Make a change, and make it again while AWS says that another one is under way and there is time."""
    reply = change()
    for _ in pauses() if _is_transient(reply) else ():
        before, reply = reply, change()
        if isinstance(before, Refused) and isinstance(reply, Refused):
            reply = replace(reply, may_have_acted=before.may_have_acted or reply.may_have_acted)
        if not _is_transient(reply):
            break
    return reply


def at_once_and_then(pauses: Pauses) -> Iterator[float]:
    """Give a pause of nothing, then the others."""
    yield 0.0
    yield from pauses()


def _is_transient(reply: Changed | Refused) -> bool:
    return isinstance(reply, Refused) and reply.code in TRANSIENT


def _waited_for(gateway: PolicyGateway, pauses: Pauses) -> SharedPolicy | NoPolicy | Refused:
    found: SharedPolicy | NoPolicy | Refused = NoPolicy()
    for _ in at_once_and_then(pauses):
        found = gateway.find(NAME)
        if isinstance(found, SharedPolicy) or (isinstance(found, Refused) and not found.may_have_acted):
            break
    return found


def _why_not_gone(gateway: PolicyGateway, pauses: Pauses, policy_id: str, reply: Changed | Refused) -> Problem | None:
    """Ask for the policy by its id until AWS does not know it; tell why it may still exist once there is no more time."""
    problem = Problem(f"the policy {NAME} ({policy_id}) still exists", "run the command again")
    for _ in at_once_and_then(pauses):
        match gateway.exists(policy_id):
            case Refused() as refused:
                problem = _problem(refused)
            case True:
                problem = _problem(reply) if isinstance(reply, Refused) else problem
            case False:
                return None
    return problem


def _problem(refused: Refused) -> Problem:
    return Problem(refused.problem, refused.advice)


_ATTACHED_ALREADY: Final = "DuplicatePolicyAttachmentException"
_BY_OTHERS: Final = f"{NAME} was attached before, by somebody else; `rootsweep quarantine lift` will leave it alone"


@dataclass(frozen=True, slots=True)
class PlaceQuarantine:
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
        for outcome in settling(self._attachment(account_id), is_attached=is_attached):
            self.journal.append(outcome)
        if is_attached:
            yield from self._there_already(account_id, before.request_id, self._attachment(account_id))
            return
        if len(before.policy_ids) >= MOST_ATTACHED:
            detail = (
                f"it has {len(before.policy_ids)} service control policies, as many as AWS allows; detach or merge one of them"
            )
            yield AccountResult(account_id, Result.REFUSED, detail, _ids(before.request_id))
            return
        was_ours = self._attachment(account_id).is_ours
        self.journal.append(note_of_before(account_id, before.policy_ids))
        self.journal.append(Intent(self.digest, account_id, None, QUARANTINE))
        yield from self._journaled(self._attach(account_id, before, was_ours=was_ours))

    def _there_already(self, account_id: str, request_id: str | None, attachment: Attachment) -> Iterator[AccountResult]:
        ids = _ids(request_id)
        if not attachment.is_ours:
            yield from self._journaled(AccountResult(account_id, Result.ALREADY_ATTACHED, _BY_OTHERS, ids))
            return
        result = AccountResult(account_id, Result.QUARANTINED, "attached by an earlier run", ids)
        yield from (result,) if attachment.is_confirmed else self._journaled(result)

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

    def _attachment(self, account_id: str) -> Attachment:
        return attachments(self.journal.entries()).get(account_id, UNKNOWN)

    def _journaled(self, result: AccountResult) -> Iterator[AccountResult]:
        outcome, ids = result.result.value, result.request_ids
        try:
            self.journal.append(Outcome(self.digest, result.account_id, None, QUARANTINE, outcome, result.detail, ids))
        finally:
            # What was done is given before the error of a journal that could not keep it.
            yield result


def _ids(*request_ids: str | None) -> tuple[str, ...]:
    return tuple(request_id for request_id in request_ids if request_id is not None)


# The executor that detaches the shared policy exactly where the journal says that rootsweep attached it.
#
# Per account: what is attached is listed, the intent journaled, the policy detached, and both its list and that of the
# policy's targets asked until neither shows it; the list is then held against the one before. What somebody else attached is
# left alone, and so is what the journal does not know.

_NOT_THERE: Final = frozenset({"PolicyNotAttachedException", "PolicyNotFoundException"})


@dataclass(frozen=True, slots=True)
class LiftQuarantine:
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
        attachment = self._settled(account_id, is_attached=False)
        result = AccountResult(account_id, Result.NOT_QUARANTINED, f"no policy {NAME} exists", _ids(seen.request_id))
        yield from self._journaled(result) if attachment.is_ours else (result,)

    def _account(self, account_id: str, policy_id: str) -> Iterator[AccountResult]:
        before = self.gateway.attached(account_id)
        if isinstance(before, Refused):
            yield AccountResult(account_id, Result.REFUSED, sentence(before), _ids(before.request_id))
            return
        # One list without the policy does not tell that an interrupted lift was done: detaching again does.
        attachment = self._settled(account_id, is_attached=policy_id in before.policy_ids, is_lift_certain=False)
        if not attachment.is_ours:
            yield self._not_ours(account_id, policy_id, before, attachment)
            return
        self.journal.append(Intent(self.digest, account_id, None, LIFT))
        result = self._detach(account_id, policy_id, before, attachment)
        settled = settling(attachment, is_attached=False) if result.is_done else ()
        yield from self._journaled(result, [outcome for outcome in settled if outcome.plan_digest != self.digest])

    def _detach(self, account_id: str, policy_id: str, before: Attached, attachment: Attachment) -> AccountResult:
        """Detach, though the list may not show the policy: it shows changes late, and the call tells."""
        reply = retried(lambda: self.gateway.detach(policy_id, account_id), self.pauses)
        ids = (before.request_id, reply.request_id)
        if isinstance(reply, Refused) and reply.code in _NOT_THERE and policy_id not in before.policy_ids:
            detail = f"the policy was detached already; {_difference(attachment, before.policy_ids)}"
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
                detail = f"detached; {_difference(attachment, after.policy_ids)}"
                return AccountResult(account_id, Result.LIFTED, detail, _ids(*ids, after.request_id))
            problem = "the policy is still seen to be attached"
        if isinstance(reply, Refused) and is_still_there:
            return AccountResult(account_id, Result.NOT_LIFTED, f"{sentence(reply)}; the policy is still attached", _ids(*ids))
        return AccountResult(account_id, Result.NOT_VERIFIED, problem, _ids(*ids))

    def _not_ours(self, account_id: str, policy_id: str, seen: Attached, attachment: Attachment) -> AccountResult:
        """Say what is with a policy that the journal does not call rootsweep's; where one list lacks it, ask the other."""
        ids = _ids(seen.request_id)
        if policy_id not in seen.policy_ids:
            targets = self.gateway.targets(policy_id)
            if isinstance(targets, Refused) and targets.code not in _NOT_THERE:
                return AccountResult(account_id, Result.REFUSED, sentence(targets), _ids(*ids, targets.request_id))
            if isinstance(targets, Refused) or account_id not in targets.ids:
                return AccountResult(account_id, Result.NOT_QUARANTINED, f"{NAME} is not attached", ids)
        if attachment.is_others:
            detail = f"{NAME} was attached before this quarantine, by somebody else: it is left as it was"
            return AccountResult(account_id, Result.LEFT_ALONE, detail, ids)
        detail = (
            f"{NAME} is attached, and the journal does not say that rootsweep did it: name the right one with --journal, or "
            f"run `aws organizations detach-policy --policy-id {policy_id} --target-id {account_id}`"
        )
        return AccountResult(account_id, Result.NOT_IN_JOURNAL, detail, ids)

    def _settled(self, account_id: str, *, is_attached: bool, is_lift_certain: bool = True) -> Attachment:
        """Tell what came of what an earlier run began, except of a lift that is not certain, and give what is known then."""
        for outcome in settling(attachments(self.journal.entries()).get(account_id, UNKNOWN), is_attached=is_attached):
            if is_lift_certain or outcome.outcome != Result.LIFTED:
                self.journal.append(outcome)
        return attachments(self.journal.entries()).get(account_id, UNKNOWN)

    def _journaled(self, result: AccountResult, settled: Iterable[Outcome] = ()) -> Iterator[AccountResult]:
        outcome, ids = result.result.value, result.request_ids
        try:
            for earlier in settled:
                self.journal.append(earlier)
            self.journal.append(Outcome(self.digest, result.account_id, None, LIFT, outcome, result.detail, ids))
        finally:
            # What was done is given before the error of a journal that could not keep it.
            yield result


def _difference(attachment: Attachment, now: frozenset[str]) -> str:
    """Hold the attached policies against those from before the quarantine."""
    if attachment.before is None:
        return "the journal does not tell which policies were attached before"
    if attachment.before == now:
        return "the account has exactly the policies from before"
    changes = [*(f"+{one}" for one in sorted(now - attachment.before)), *(f"-{one}" for one in sorted(attachment.before - now))]
    return f"somebody else has changed the account's policies meanwhile ({', '.join(changes)})"
