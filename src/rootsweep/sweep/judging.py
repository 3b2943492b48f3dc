"""Accounts and their evidence in, a run out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from rootsweep import __version__
from rootsweep.findings import find
from rootsweep.model.organization import Account, Scope
from rootsweep.model.run import Run
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.verdict import JudgingRules


def judge_gathered(
    gathered: GatheredEvidence, rules: JudgingRules, clock: Callable[[], datetime], started_at: datetime, scope: Scope
) -> Run:
    """Judge every account that ``gathered`` holds; ``clock`` gives aware times in UTC, by AWS's clock where AWS was asked.

    A ``scope`` that tells no partition gets the one that all accounts share.
    """
    now = clock()
    findings = tuple(
        find(account, gathered.evidence.get(account_id, ()), rules, now)
        for account_id, account in sorted(gathered.accounts.items())
    )
    return Run(
        started_at=started_at,
        finished_at=clock(),
        tool_version=__version__,
        scope=replace(scope, partition=scope.partition or _common_partition(gathered.accounts)),
        findings=findings,
        rejected_inputs=tuple(gathered.rejected),
    )


def _common_partition(accounts: Mapping[str, Account]) -> str | None:
    partitions = {account.partition for account in accounts.values()}
    return partitions.pop() if len(partitions) == 1 else None
