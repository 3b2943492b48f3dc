"""What a sweep goes through: the accounts of an organization as they are listed, or accounts that were named."""

from collections.abc import Collection, Iterable, Iterator

from rootsweep.auditing.access import AccessPlan, Target
from rootsweep.auditing.sources.inventory import Inventory, Selection
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import Access, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.organization import Account


def targets_of_organization(
    inventory: Inventory, selection: Selection, plan: AccessPlan, finished: Collection[str]
) -> Iterator[Target | Refusal]:
    """Give a target for each account in scope as it is listed, but for those ``finished`` in an earlier run.

    A named account that the organization does not have is a row too, after the listing has come to its end.
    """
    missing = set(selection.accounts - selection.exclude)
    for found in inventory.accounts():
        if isinstance(found, Refusal):
            yield plan.of_organization(found)
            return
        missing.discard(found.id)
        if found.id not in finished:
            yield plan.target(found)
    for account_id in sorted(missing - set(finished)):
        yield Target(Account(account_id), (), (_not_in_organization(plan),))


def targets_of_accounts(account_ids: Iterable[str], plan: AccessPlan, finished: Collection[str]) -> Iterator[Target]:
    """Give a target for each named account, in the partition of the caller; nothing is listed."""
    management = None if plan.organization is None else plan.organization.management_account_id
    for account_id in dict.fromkeys(account_ids):
        if account_id not in finished:
            partition = plan.caller.value.partition
            yield plan.target(Account(account_id, partition=partition, is_management_account=account_id == management))


def _not_in_organization(plan: AccessPlan) -> Unavailable:
    advice = "take it off --account: the organization, as far as --ou and --tag narrow it, does not have it"
    origin = Origin(Access.OWN, plan.routes.session.clock.now(), "organizations:ListAccounts")
    return Unavailable(Source.ROOT_ACCESS_KEYS, UnavailableReason.NOT_IN_ORGANIZATION, advice, origin)
