"""Targets and evidence in, a run out: one row for every account in scope; prints nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rootsweep import __version__
from rootsweep.findings import find
from rootsweep.model.evidence import Evidence
from rootsweep.model.organization import Account, Scope, ScopeKind
from rootsweep.model.run import RejectedInput, Run
from rootsweep.sources.files import FileEvidence
from rootsweep.verdict import JudgingRules


@dataclass(slots=True)
class GatheredEvidence:
    """What the given files hold: each account with its evidence, what was refused, what lies outside the scope.

    ``usable`` counts the pieces of evidence in scope; ``out_of_scope`` names the accounts that were not asked for.
    """

    accounts: dict[str, Account] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    rejected: list[RejectedInput] = field(default_factory=list)
    out_of_scope: set[str] = field(default_factory=set)
    usable: int = 0


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
                gathered.evidence.setdefault(account.id, []).append(evidence)
                known = gathered.accounts.get(account.id)
                if known is None or known.partition is None:
                    gathered.accounts[account.id] = account
    return gathered


def judge_gathered(gathered: GatheredEvidence, rules: JudgingRules, clock: Callable[[], datetime], started_at: datetime) -> Run:
    """Judge every account that ``gathered`` holds; ``clock`` gives aware times in UTC."""
    now = clock()
    findings = tuple(
        find(account, gathered.evidence.get(account_id, ()), rules, now)
        for account_id, account in sorted(gathered.accounts.items())
    )
    return Run(
        started_at=started_at,
        finished_at=clock(),
        tool_version=__version__,
        scope=Scope(ScopeKind.FILES, partition=_common_partition(gathered.accounts)),
        findings=findings,
        rejected_inputs=tuple(gathered.rejected),
    )


def _common_partition(accounts: Mapping[str, Account]) -> str | None:
    partitions = {account.partition for account in accounts.values()}
    return partitions.pop() if len(partitions) == 1 else None
