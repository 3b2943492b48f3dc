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
) -> GatheredEvidence:
    """Collect saved evidence by account; with ``account_ids`` those are the scope, without, every account that has evidence."""
    gathered = GatheredEvidence()
    for account_id in account_ids:
        gathered.accounts[account_id] = Account(account_id)
    for piece in pieces:
        match piece:
            case RejectedInput():
                gathered.rejected.append(piece)
                on_refusal(piece)
            case FileEvidence(account=account) if account_ids and account.id not in account_ids:
                gathered.out_of_scope.add(account.id)
            case FileEvidence(account=account, evidence=evidence):
                gathered.usable += 1
                gathered.add(account, [evidence])
    return gathered
