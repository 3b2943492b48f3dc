"""What comes before the first account: whether policies work at all, and the shared policy, found or made.

AWS Organizations shows changes late, and a reply may be lost: what was changed is found out by asking, while there is time.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from rootsweep.model.journal import Note
from rootsweep.remediation.application import Journal
from rootsweep.remediation.gateway import Refused
from rootsweep.remediation.quarantine.gateway import Changed, NoPolicy, PolicyGateway
from rootsweep.remediation.quarantine.policy import (
    DESCRIPTION,
    NAME,
    TAG,
    Problem,
    SharedPolicy,
    content,
    why_not_ours,
    why_not_usable,
)

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
