"""Quarantine: the shared policy is attached to accounts and detached from them, account by account.

Per account: what is attached is listed and kept in the journal, the policy attached or detached, and the list asked until it
shows it. Any doubt stops the account, not the others.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from rootsweep.core.answer import Answer, Problem, Refusal
from rootsweep.core.removal.journal import Note
from rootsweep.core.removal.quarantine import (
    DESCRIPTION,
    MOST_ATTACHED,
    NAME,
    TAG,
    SharedPolicy,
    content,
    why_not_ours,
    why_not_usable,
)
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.executor import Check, Executor, Sight, known_ids, refused
from rootsweep.remediation.ports import NoPolicy, PolicyGateway
from rootsweep.remediation.quarantine_journal import (
    LIFT,
    QUARANTINE,
    UNKNOWN,
    Attachment,
    attachments,
    note_of_before,
    settling,
)

TRANSIENT: Final = frozenset({"ConcurrentModificationException", "PolicyChangesInProgressException"})
"""Codes of another change that is under way (Organizations API reference, AttachPolicy, "Errors"): it is waited for."""

NO_POLICY_CODE: Final = "PolicyNotFoundException"
"""What AWS answers about a policy that does not exist (Organizations API reference, DescribePolicy, "Errors")."""

_EXISTS: Final = "DuplicatePolicyException"
_ATTACHED_ALREADY: Final = "DuplicatePolicyAttachmentException"
_NOT_THERE: Final = frozenset({"PolicyNotAttachedException", NO_POLICY_CODE})
_BY_OTHERS: Final = f"{NAME} was attached before, by somebody else; `rootsweep quarantine lift` will leave it alone"


def check_policy_type(gateway: PolicyGateway) -> Problem | None:
    """Return why no policy can be attached; None where the type is enabled in the root (Organizations API, ListRoots)."""
    found = gateway.policy_type()
    if isinstance(found, Refusal):
        return found
    if not found.is_enabled:
        return Problem(
            "service control policies are not enabled in the organization",
            "in the management account run `aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY "
            f"--root-id {found.root_id}`, which attaches FullAWSAccess everywhere and denies nothing",
        )
    return None


def find_or_create(gateway: PolicyGateway, executor: Executor) -> SharedPolicy | Problem:
    """Return the shared policy, which is created where it is missing; a policy of this name that is not it is refused."""
    found = gateway.find(NAME)
    if isinstance(found, NoPolicy):
        executor.journal.append(Note(f"the policy {NAME} is about to be created"))
        created = _insist(executor, lambda: gateway.create(NAME, DESCRIPTION, content(), TAG))
        if isinstance(created, Refusal) and not created.may_have_acted and created.error_code != _EXISTS:
            return created
        found = _waited_for(gateway, executor)
    match found:
        case Refusal():
            return found
        case NoPolicy():
            return Problem(f"the policy {NAME} was created and is not seen", "run the command again")
        case SharedPolicy():
            return why_not_usable(found) or found


def find_ours(gateway: PolicyGateway, executor: Executor | None = None) -> SharedPolicy | NoPolicy | Problem:
    """Return the shared policy, whatever it holds now; with an executor it must exist and is waited for: new ones show late."""
    found = gateway.find(NAME) if executor is None else _waited_for(gateway, executor)
    return (why_not_ours(found) or found) if isinstance(found, SharedPolicy) else found


def delete_policy(gateway: PolicyGateway, executor: Executor, policy_id: str) -> Problem | None:
    """Delete the shared policy where nothing has it any more; tell why it was not deleted, None where it is seen to be gone.

    That nothing has it AWS checks itself, whatever the list of its targets shows.
    """
    targets = gateway.targets(policy_id)
    if isinstance(targets, Refusal):
        return targets
    if targets.value:
        return Problem(f"the policy {NAME} is still attached to {', '.join(targets.value)}", "lift the quarantine there first")
    executor.journal.append(Note(f"the policy {NAME} ({policy_id}) is about to be deleted"))
    reply = _insist(executor, lambda: gateway.delete(policy_id))
    if isinstance(reply, Refusal) and reply.error_code != NO_POLICY_CODE and not reply.may_have_acted:
        return reply
    exists = executor.watch(lambda: _look_for(gateway.exists(policy_id)))
    if exists.sight is not Sight.DONE:
        still_there = Problem(f"the policy {NAME} ({policy_id}) still exists{exists.words}", "run the command again")
        return reply if isinstance(reply, Refusal) and exists.sight is Sight.UNCHANGED else still_there
    executor.journal.append(Note(f"the policy {NAME} ({policy_id}) was deleted"))
    return None


def _look_for(exists: bool | Refusal) -> Check:  # noqa: FBT001  the answer itself
    if isinstance(exists, Refusal):
        return Check(Sight.UNCERTAIN, f", or cannot be seen: {exists.sentence}")
    return Check(Sight.UNCHANGED if exists else Sight.DONE, "")


def _waited_for(gateway: PolicyGateway, executor: Executor) -> SharedPolicy | NoPolicy | Refusal:
    found: SharedPolicy | NoPolicy | Refusal = NoPolicy()

    def look() -> Check:
        nonlocal found
        found = gateway.find(NAME)
        is_final = isinstance(found, SharedPolicy) or (isinstance(found, Refusal) and not found.may_have_acted)
        return Check(Sight.DONE if is_final else Sight.UNCERTAIN, "")

    executor.watch(look)
    return found


def _insist(executor: Executor, change: Callable[[], Answer[object] | Refusal]) -> Answer[object] | Refusal:
    """Make a change, and make it again while AWS says that another one is under way and there is time."""
    return executor.insist(change, lambda refusal: refusal.error_code in TRANSIENT)


@dataclass(frozen=True, slots=True)
class PlaceQuarantine:
    """Attaches one policy."""

    policy: SharedPolicy
    gateway: PolicyGateway
    executor: Executor

    def run(self, account_ids: Iterable[str]) -> Iterator[Result[str]]:
        """Return what came of each account; one that an earlier run has quarantined is only looked at."""
        for account_id in account_ids:
            yield from self._account(account_id)

    def _account(self, account_id: str) -> Iterator[Result[str]]:
        before = self.gateway.attached(account_id)
        if isinstance(before, Refusal):
            yield refused(account_id, before)
            return
        ids = before.value.values()
        attachment = _attachment(self.executor, account_id)
        for outcome in settling(attachment, is_attached=self.policy.id in ids):
            self.executor.journal.append(outcome)
        if self.policy.id in ids:
            yield from self._there_already(account_id, before.request_id)
        elif len(ids) >= MOST_ATTACHED:
            detail = f"it has {len(ids)} service control policies, as many as AWS allows; detach or merge one of them"
            yield Result(account_id, ResultCode.REFUSED, detail, known_ids(before.request_id))
        else:
            was_ours = _attachment(self.executor, account_id).is_ours
            self.executor.journal.append(note_of_before(account_id, ids))
            intent = self.executor.intend(account_id, None, QUARANTINE)
            yield from self.executor.conclude(intent, self._attach(account_id, before, was_ours=was_ours))

    def _there_already(self, account_id: str, request_id: str | None) -> Iterator[Result[str]]:
        attachment = _attachment(self.executor, account_id)
        code, detail = ResultCode.QUARANTINED, "attached by an earlier run"
        if not attachment.is_ours:
            code, detail = ResultCode.ALREADY_ATTACHED, _BY_OTHERS
        result = Result(account_id, code, detail, known_ids(request_id))
        if attachment.is_ours and attachment.is_confirmed:
            yield result
        else:
            yield from self.executor.conclude(self.executor.intent(account_id, None, QUARANTINE), result)

    def _attach(self, account_id: str, before: Answer[Mapping[str, str]], *, was_ours: bool) -> Result[str]:
        """Attach the policy; what AWS finds attached although the list before left it out is rootsweep's only if it was."""
        reply = _insist(self.executor, lambda: self.gateway.attach(self.policy.id, account_id))
        ids = (before.request_id, reply.request_id)
        undone = None
        match reply:
            case Refusal(may_have_acted=True):
                undone = ResultCode.NOT_ATTACHED, reply.sentence
            case Refusal(error_code=code) if code != _ATTACHED_ALREADY:
                return refused(account_id, reply, before.request_id)
            case Refusal() if not was_ours:
                return Result(account_id, ResultCode.ALREADY_ATTACHED, _BY_OTHERS, known_ids(*ids))
            case _:
                pass
        words = f"{NAME} ({self.policy.id}) is attached beside {', '.join(sorted(before.value.values()))}"
        return self.executor.verify(account_id, partial(self._look, account_id, words), ResultCode.QUARANTINED, ids, undone)

    def _look(self, account_id: str, words: str) -> Check:
        after = self.gateway.attached(account_id)
        if isinstance(after, Refusal):
            return Check(Sight.UNCERTAIN, after.sentence)
        if self.policy.id in after.value.values():
            return Check(Sight.DONE, words, (after.request_id,))
        return Check(Sight.UNCHANGED, "the policy is not seen to be attached")


@dataclass(frozen=True, slots=True)
class LiftQuarantine:
    """Detaches one policy exactly where the journal says that rootsweep attached it, or finds out that there is none.

    Both the account's list and that of the policy's targets are asked until neither shows the policy; the list is then held
    against the one before. What somebody else attached is left alone, and so is what the journal does not know.
    """

    policy: SharedPolicy | NoPolicy
    gateway: PolicyGateway
    executor: Executor

    def run(self, account_ids: Iterable[str]) -> Iterator[Result[str]]:
        """Return what came of each account."""
        for account_id in account_ids:
            match self.policy:
                case NoPolicy():
                    yield from self._without_policy(account_id)
                case SharedPolicy(id=policy_id):
                    yield from self._account(account_id, policy_id)

    def _without_policy(self, account_id: str) -> Iterator[Result[str]]:
        """Look at the account's own list too before that of the organization is believed, which shows no such policy."""
        seen = self.gateway.attached(account_id)
        if isinstance(seen, Refusal):
            yield refused(account_id, seen)
            return
        if NAME in seen.value:
            detail = f"AWS does not list the policy {NAME}, and shows it attached to the account: run the command again"
            yield Result(account_id, ResultCode.NOT_VERIFIED, detail, known_ids(seen.request_id))
            return
        attachment = self._settled(account_id, is_attached=False)
        detail = f"no policy {NAME} exists"
        result = Result(account_id, ResultCode.NOT_QUARANTINED, detail, known_ids(seen.request_id))
        if attachment.is_ours:
            yield from self.executor.conclude(self.executor.intent(account_id, None, LIFT), result)
        else:
            yield result

    def _account(self, account_id: str, policy_id: str) -> Iterator[Result[str]]:
        before = self.gateway.attached(account_id)
        if isinstance(before, Refusal):
            yield refused(account_id, before)
            return
        # One list without the policy does not tell that an interrupted lift was done: detaching again does.
        is_attached = policy_id in before.value.values()
        attachment = self._settled(account_id, is_attached=is_attached, is_lift_certain=False)
        if not attachment.is_ours:
            yield self._not_ours(account_id, policy_id, before, attachment)
            return
        intent = self.executor.intend(account_id, None, LIFT)
        result = self._detach(account_id, policy_id, before, attachment)
        settled = settling(attachment, is_attached=False) if result.is_done else ()
        earlier = [outcome for outcome in settled if outcome.plan_digest != self.executor.digest]
        yield from self.executor.conclude(intent, result, earlier)

    def _detach(
        self, account_id: str, policy_id: str, before: Answer[Mapping[str, str]], attachment: Attachment
    ) -> Result[str]:
        """Detach, though the list may not show the policy: it shows changes late, and the call tells."""
        reply = _insist(self.executor, lambda: self.gateway.detach(policy_id, account_id))
        ids = (before.request_id, reply.request_id)
        undone = None
        if isinstance(reply, Refusal):
            if reply.error_code in _NOT_THERE and policy_id not in before.value.values():
                detail = f"the policy was detached already; {_difference(attachment, before.value.values())}"
                return Result(account_id, ResultCode.NOT_QUARANTINED, detail, known_ids(*ids))
            if not reply.may_have_acted and reply.error_code not in _NOT_THERE:
                return refused(account_id, reply, before.request_id)
            undone = ResultCode.NOT_LIFTED, reply.sentence
        check = partial(self._look, account_id, policy_id, attachment)
        return self.executor.verify(account_id, check, ResultCode.LIFTED, ids, undone)

    def _look(self, account_id: str, policy_id: str, attachment: Attachment) -> Check:
        after = self.gateway.attached(account_id)
        if isinstance(after, Refusal):
            return Check(Sight.UNCERTAIN, after.sentence)
        targets = self._targets(policy_id)
        if isinstance(targets, Refusal):
            return Check(Sight.UNCERTAIN, targets.sentence)
        if policy_id in after.value.values() or account_id in targets:
            return Check(Sight.UNCHANGED, "the policy is still seen to be attached")
        return Check(Sight.DONE, f"detached; {_difference(attachment, after.value.values())}", (after.request_id,))

    def _targets(self, policy_id: str) -> Collection[str] | Refusal:
        targets = self.gateway.targets(policy_id)
        if isinstance(targets, Refusal):
            return () if targets.error_code in _NOT_THERE else targets
        return targets.value

    def _not_ours(
        self, account_id: str, policy_id: str, seen: Answer[Mapping[str, str]], attachment: Attachment
    ) -> Result[str]:
        """Return what is with a policy that the journal does not call rootsweep's; where one list lacks it, ask the other."""
        ids = known_ids(seen.request_id)
        if policy_id not in seen.value.values():
            targets = self._targets(policy_id)
            if isinstance(targets, Refusal):
                return refused(account_id, targets, seen.request_id)
            if account_id not in targets:
                return Result(account_id, ResultCode.NOT_QUARANTINED, f"{NAME} is not attached", ids)
        if attachment.is_others:
            detail = f"{NAME} was attached before this quarantine, by somebody else: it is left as it was"
            return Result(account_id, ResultCode.LEFT_ALONE, detail, ids)
        detail = (
            f"{NAME} is attached, and the journal does not say that rootsweep did it: name the right one with --journal, or "
            f"run `aws organizations detach-policy --policy-id {policy_id} --target-id {account_id}`"
        )
        return Result(account_id, ResultCode.NOT_IN_JOURNAL, detail, ids)

    def _settled(self, account_id: str, *, is_attached: bool, is_lift_certain: bool = True) -> Attachment:
        """Return what came of what an earlier run began, except of a lift that is not certain, and give what is known then."""
        for outcome in settling(_attachment(self.executor, account_id), is_attached=is_attached):
            if is_lift_certain or outcome.outcome != ResultCode.LIFTED:
                self.executor.journal.append(outcome)
        return _attachment(self.executor, account_id)


def _attachment(executor: Executor, account_id: str) -> Attachment:
    return attachments(executor.journal.entries()).get(account_id, UNKNOWN)


def _difference(attachment: Attachment, attached: Iterable[str]) -> str:
    """Hold the attached policies against those from before the quarantine."""
    now = frozenset(attached)
    if attachment.before is None:
        return "the journal does not tell which policies were attached before"
    if attachment.before == now:
        return "the account has exactly the policies from before"
    changes = [*(f"+{one}" for one in sorted(now - attachment.before)), *(f"-{one}" for one in sorted(attachment.before - now))]
    return f"somebody else has changed the account's policies since ({', '.join(changes)})"
