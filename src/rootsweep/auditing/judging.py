"""Evidence gathered by account, saved and live, judged: a run comes out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from rootsweep.core.coverage.gaps import coverage_gaps
from rootsweep.core.evidence import Evidence, Observed
from rootsweep.core.finding import Finding
from rootsweep.core.judging.assess import find
from rootsweep.core.judging.resolution import shows_key
from rootsweep.core.judging.verdict import JudgingRules
from rootsweep.core.organization import Account, Scope
from rootsweep.core.run import LeftOut, RejectedInput, Run
from rootsweep.version import __version__

if TYPE_CHECKING:  # an audit of AWS alone does not wait for the readers of files
    from rootsweep.auditing.sources.files import FileEvidence

# Evidence by account, as it is gathered.


@dataclass(slots=True)
class SavedEvidence:
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


class Judging:
    """Judges accounts one by one, each as soon as it was read, and puts the findings together.

    ``saved`` is saved evidence: it is judged together with what AWS answers of the same account. ``clock`` gives aware times
    in UTC, by AWS's clock where AWS was asked. ``on_finding`` is reported every finding as soon as there is one.
    """

    def __init__(
        self,
        rules: JudgingRules,
        clock: Callable[[], datetime],
        saved: SavedEvidence,
        on_finding: Callable[[Finding], None] | None = None,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._saved = saved
        self._on_finding = on_finding
        self._findings: dict[str, Finding] = {}

    def add(self, account: Account, evidence: Iterable[Evidence]) -> Finding:
        """Judge one account by this evidence and what was saved; an account has one row, the last that was judged."""
        its_saved = self._saved.evidence.get(account.id, ())
        known = self._saved.accounts.get(account.id)
        its_partition = account.partition or (known.partition if known else None)
        finding = find(replace(account, partition=its_partition), (*its_saved, *evidence), self._rules, self._clock())
        self._findings[account.id] = finding
        if self._on_finding is not None:
            self._on_finding(finding)
        return finding

    def leave_out_what_was_not_read(self) -> None:
        """Leave out the saved evidence of accounts that were not read live: they are outside the scope of the sweep."""
        for account_id in sorted(self._saved.accounts.keys() - self._findings.keys()):
            self._saved.leave_out_account(account_id)

    def run(self, started_at: datetime, scope: Scope) -> Run:
        """Judge what is saved and was not read live, and give the run.

        A ``scope`` that tells no partition gets the one that all accounts share.
        """
        for account_id, account in self._saved.accounts.items():
            if account_id not in self._findings:
                self.add(account, ())
        findings = tuple(finding for _, finding in sorted(self._findings.items()))
        return Run(
            started_at=started_at,
            finished_at=self._clock(),
            tool_version=__version__,
            scope=replace(scope, partition=scope.partition or _common_partition(findings)),
            findings=findings,
            coverage_gaps=coverage_gaps(findings),
            rejected_inputs=tuple(self._saved.rejected),
            left_out=tuple(self._saved.left_out),
        )


def _common_partition(findings: Iterable[Finding]) -> str | None:
    partitions = {finding.account.partition for finding in findings}
    return partitions.pop() if len(partitions) == 1 else None


# Saved evidence, collected by account.


def gather_saved(
    pieces: "Iterable[FileEvidence | RejectedInput]",
    account_ids: Collection[str],
    on_refusal: Callable[[RejectedInput], None],
    excluded_ids: Collection[str] = (),
) -> SavedEvidence:
    """Collect saved evidence by account; with ``account_ids`` those are the scope, without, every account that has evidence.

    ``excluded_ids`` are never in scope. An account that a file is named for is in scope too where the file holds evidence of
    another one: without evidence of its own it is not proven.
    """
    saved = SavedEvidence()
    for account_id in account_ids:
        if account_id not in excluded_ids:
            saved.accounts[account_id] = Account(account_id)

    def is_in_scope(account_id: str) -> bool:
        return account_id not in excluded_ids and (not account_ids or account_id in account_ids)

    found: list[FileEvidence] = []
    for piece in pieces:
        if isinstance(piece, RejectedInput):
            saved.rejected.append(piece)
            on_refusal(piece)
        else:
            found.append(piece)
    for one in _without_names_of_shared_folders(found):
        if is_in_scope(one.account.id):
            saved.usable += 1
            saved.add(one.account, [one.evidence])
        else:
            saved.leave_out(one.account.id, [one.evidence])
        named_for = one.evidence.origin.named_for
        if named_for is not None and is_in_scope(named_for):
            saved.accounts.setdefault(named_for, Account(named_for))
    return saved


def _without_names_of_shared_folders(found: "Collection[FileEvidence]") -> "Iterable[FileEvidence]":
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
