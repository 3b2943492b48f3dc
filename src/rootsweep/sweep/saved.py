"""Saved evidence, collected by account."""

from collections.abc import Callable, Collection, Iterable

from rootsweep.model.organization import Account
from rootsweep.model.run import RejectedInput
from rootsweep.sources.files import FileEvidence
from rootsweep.sweep.gathered import GatheredEvidence


def gather(
    pieces: Iterable[FileEvidence | RejectedInput],
    account_ids: Collection[str],
    on_refusal: Callable[[RejectedInput], None],
    excluded_ids: Collection[str] = (),
) -> GatheredEvidence:
    """Collect saved evidence by account; with ``account_ids`` those are the scope, without, every account that has evidence.

    ``excluded_ids`` are never in scope. An account that a file is named for is in scope too where the file holds evidence of
    another one: without evidence of its own it is not proven.
    """
    gathered = GatheredEvidence()
    for account_id in account_ids:
        if account_id not in excluded_ids:
            gathered.accounts[account_id] = Account(account_id)

    def is_in_scope(account_id: str) -> bool:
        return account_id not in excluded_ids and (not account_ids or account_id in account_ids)

    for piece in pieces:
        match piece:
            case RejectedInput():
                gathered.rejected.append(piece)
                on_refusal(piece)
            case FileEvidence(account=account, evidence=evidence):
                if is_in_scope(account.id):
                    gathered.usable += 1
                    gathered.add(account, [evidence])
                else:
                    gathered.leave_out(account.id, [evidence])
                named_for = evidence.origin.named_for
                if named_for is not None and is_in_scope(named_for):
                    gathered.accounts.setdefault(named_for, Account(named_for))
    return gathered
