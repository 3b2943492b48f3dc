"""Accounts and their evidence in, a run out."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from rootsweep import __version__
from rootsweep.findings import find
from rootsweep.gap import close_the_gap
from rootsweep.model.evidence import Evidence
from rootsweep.model.finding import Finding
from rootsweep.model.organization import Account, Scope
from rootsweep.model.run import Run
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.verdict import JudgingRules


class Judging:
    """Judges accounts one by one, each as soon as it was read, and puts the findings together.

    ``gathered`` is saved evidence: it is judged together with what AWS answers of the same account. ``clock`` gives aware times
    in UTC, by AWS's clock where AWS was asked. ``on_finding`` is told every finding as soon as there is one.
    """

    def __init__(
        self,
        rules: JudgingRules,
        clock: Callable[[], datetime],
        gathered: GatheredEvidence,
        on_finding: Callable[[Finding], None] | None = None,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._gathered = gathered
        self._on_finding = on_finding
        self._findings: dict[str, Finding] = {}

    def add(self, account: Account, evidence: Iterable[Evidence]) -> Finding:
        """Judge one account by this evidence and what was saved; an account has one row, the last that was judged."""
        saved = self._gathered.evidence.get(account.id, ())
        known = self._gathered.accounts.get(account.id)
        its_partition = account.partition or (known.partition if known else None)
        finding = find(replace(account, partition=its_partition), (*saved, *evidence), self._rules, self._clock())
        self._findings[account.id] = finding
        if self._on_finding is not None:
            self._on_finding(finding)
        return finding

    def leave_out_what_was_not_read(self) -> None:
        """Leave out the saved evidence of accounts that were not read live: they are outside the scope of the sweep."""
        for account_id in sorted(self._gathered.accounts.keys() - self._findings.keys()):
            self._gathered.leave_out_account(account_id)

    def run(self, started_at: datetime, scope: Scope) -> Run:
        """Judge what is saved and was not read live, and give the run.

        A ``scope`` that tells no partition gets the one that all accounts share.
        """
        for account_id, account in self._gathered.accounts.items():
            if account_id not in self._findings:
                self.add(account, ())
        findings = tuple(finding for _, finding in sorted(self._findings.items()))
        return Run(
            started_at=started_at,
            finished_at=self._clock(),
            tool_version=__version__,
            scope=replace(scope, partition=scope.partition or _common_partition(findings)),
            findings=findings,
            gap=close_the_gap(findings),
            rejected_inputs=tuple(self._gathered.rejected),
            left_out=tuple(self._gathered.left_out),
        )


def _common_partition(findings: Iterable[Finding]) -> str | None:
    partitions = {finding.account.partition for finding in findings}
    return partitions.pop() if len(partitions) == 1 else None
