"""Saved evidence, collected by account."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

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

    found: list[FileEvidence] = []
    for piece in pieces:
        if isinstance(piece, RejectedInput):
            gathered.rejected.append(piece)
            on_refusal(piece)
        else:
            found.append(piece)
    for one in _without_names_of_shared_folders(found):
        if is_in_scope(one.account.id):
            gathered.usable += 1
            gathered.add(one.account, [one.evidence])
        else:
            gathered.leave_out(one.account.id, [one.evidence])
        named_for = one.evidence.origin.named_for
        if named_for is not None and is_in_scope(named_for):
            gathered.accounts.setdefault(named_for, Account(named_for))
    return gathered


def _without_names_of_shared_folders(found: Collection[FileEvidence]) -> Iterable[FileEvidence]:
    """Take the name from a folder that holds evidence of several accounts, and none of the one in its name.

    A bucket has the id of the account that collects the evidence of all others in its name: it is not evidence of that account.
    """
    held: defaultdict[str, set[str]] = defaultdict(set)
    for one in found:
        if one.folder is not None:
            held[one.folder].add(one.account.id)
    for one in found:
        accounts = held.get(one.folder, ()) if one.folder is not None else ()
        if len(accounts) > 1 and one.evidence.origin.named_for not in accounts:
            yield replace(one, evidence=replace(one.evidence, origin=replace(one.evidence.origin, named_for=None)))
        else:
            yield one
