"""Next steps that accounts share, each once."""

from collections.abc import Iterable

from rootsweep.model.finding import Finding
from rootsweep.model.gap import GapGroup


def shared_steps(findings: Iterable[Finding], gap: Iterable[GapGroup]) -> dict[str, list[Finding]]:
    """Give the findings by their next step, both in the order in which they come.

    Accounts that stand in the gap are left out: there is told what to do for them.
    """
    unread = {account_id for group in gap for account_id in group.accounts}
    by_step: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.next_step and finding.account.id not in unread:
            by_step.setdefault(finding.next_step, []).append(finding)
    return by_step
