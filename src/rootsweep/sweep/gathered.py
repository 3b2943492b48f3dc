"""Evidence by account, as it is gathered."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rootsweep.model.evidence import Evidence
from rootsweep.model.organization import Account
from rootsweep.model.run import RejectedInput


@dataclass(slots=True)
class GatheredEvidence:
    """What was gathered: each account with its evidence, what was refused, what lies outside the scope.

    ``usable`` counts the pieces of evidence in scope; ``out_of_scope`` names the accounts that were not asked for.
    """

    accounts: dict[str, Account] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    rejected: list[RejectedInput] = field(default_factory=list)
    out_of_scope: set[str] = field(default_factory=set)
    usable: int = 0

    def add(self, account: Account, evidence: Iterable[Evidence]) -> None:
        """Add evidence of an account; what is known of the account stays, and is completed."""
        known = self.accounts.get(account.id)
        if known is None or known.partition is None:
            self.accounts[account.id] = account
        self.evidence.setdefault(account.id, []).extend(evidence)
