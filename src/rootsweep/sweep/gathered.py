"""Evidence by account, as it is gathered."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rootsweep.model.evidence import Evidence, Observed
from rootsweep.model.organization import Account
from rootsweep.model.run import LeftOut, RejectedInput
from rootsweep.resolution import shows_key


@dataclass(slots=True)
class GatheredEvidence:
    """What was gathered: each account with its evidence, what was refused, and what the options exclude.

    ``usable`` counts the pieces of evidence in scope.
    """

    accounts: dict[str, Account] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    rejected: list[RejectedInput] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    usable: int = 0

    def add(self, account: Account, evidence: Iterable[Evidence]) -> None:
        """Add evidence of an account; what is known of the account stays, and is completed."""
        known = self.accounts.get(account.id)
        if known is None or known.partition is None:
            self.accounts[account.id] = account
        self.evidence.setdefault(account.id, []).extend(evidence)

    def leave_out(self, account_id: str, evidence: Iterable[Evidence]) -> None:
        """Record saved evidence of an account outside the scope, without judging it."""
        for piece in evidence:
            has_key = isinstance(piece, Observed) and shows_key(piece.fact)
            self.left_out.append(LeftOut(piece.origin.path or "-", account_id, piece.source, shows_key=has_key))

    def leave_out_account(self, account_id: str) -> None:
        """Take an account out of the scope; its evidence becomes ``left_out``."""
        del self.accounts[account_id]
        self.leave_out(account_id, self.evidence.pop(account_id, ()))
