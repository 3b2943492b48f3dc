"""The executor that only reads: it opens the very sessions, looks at the very keys, and says what would happen."""

from collections.abc import Iterator
from itertools import groupby

from rootsweep.model.organization import Account
from rootsweep.model.remediation import Action, ActionKind, Plan
from rootsweep.remediation.examination import failing, planned_ids
from rootsweep.remediation.gateway import Gateway, Refused
from rootsweep.remediation.results import ActionResult, Result


def rehearse(plan: Plan, gateway: Gateway) -> Iterator[ActionResult]:
    """Give what would come of each deletion, account by account; nothing is written anywhere."""
    for account, actions in deletions_by_account(plan):
        yield from _rehearse_account(plan, account, actions, gateway)


def deletions_by_account(plan: Plan) -> Iterator[tuple[Account, list[Action]]]:
    """Give the accounts whose keys are to be deleted, in the plan's order, each with its actions."""
    deletions = [action for action in plan.actions if action.kind is ActionKind.DELETE_KEY]
    for _, group in groupby(deletions, key=lambda action: action.key.account.id):
        actions = list(group)
        yield actions[0].key.account, actions


def _rehearse_account(plan: Plan, account: Account, actions: list[Action], gateway: Gateway) -> Iterator[ActionResult]:
    refused = _probe(account, gateway)
    if refused is not None:
        yield from (ActionResult(action, Result.REFUSED, sentence(refused)) for action in actions)
        return
    session = gateway.open_deleting(account)
    listed = session if isinstance(session, Refused) else session.list_keys()
    if isinstance(listed, Refused):
        yield from (ActionResult(action, Result.REFUSED, sentence(listed)) for action in actions)
        return
    known = planned_ids(plan, account.id)
    for action in actions:
        if all(key.id != action.key.id for key in listed.keys):
            yield _looked_at_again(action, gateway)
            continue
        failed = failing(action, listed.keys, known, plan)
        if failed:
            detail = f"it would be left alone: {', '.join(failed)} no longer holds"
            yield ActionResult(action, Result.PRECONDITION_FAILED, detail, failing=failed)
        else:
            yield ActionResult(action, Result.WOULD_DELETE, "it would be deleted")


def _looked_at_again(action: Action, gateway: Gateway) -> ActionResult:
    """Look in an auditing session for a key that one list left out: it is gone only where list and summary agree."""
    session = gateway.open_auditing(action.key.account)
    if isinstance(session, Refused):
        return ActionResult(action, Result.REFUSED, sentence(session))
    listed, flag = session.list_keys(), session.read_flag()
    if isinstance(listed, Refused):
        return ActionResult(action, Result.REFUSED, sentence(listed))
    if isinstance(flag, Refused):
        return ActionResult(action, Result.REFUSED, sentence(flag))
    if any(key.id == action.key.id for key in listed.keys):
        return ActionResult(
            action, Result.NOT_VERIFIED, "AWS left the key out of one list, and shows it in another: run it again"
        )
    if flag.present != bool(listed.keys):
        return ActionResult(action, Result.NOT_VERIFIED, "the account summary does not agree with the list of the keys")
    return ActionResult(action, Result.ALREADY_GONE, "the key is gone already, by list and summary")


def _probe(account: Account, gateway: Gateway) -> Refused | None:
    """Try what verifying a deletion would need."""
    session = gateway.open_auditing(account)
    flag = session if isinstance(session, Refused) else session.read_flag()
    return flag if isinstance(flag, Refused) else None


def sentence(refused: Refused) -> str:
    """Put a refusal in words."""
    return f"{refused.problem}; {refused.advice}"
