"""The order in which a reader wants to see accounts."""

from collections.abc import Iterable
from typing import Final

from rootsweep.model.finding import Finding, Severity, Verdict

_ORDER: Final = (Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA, Verdict.NOT_APPLICABLE, Verdict.COMPLIANT)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings: those that need someone first, worst first; the others by their reasons; then by account id."""
    return sorted(findings, key=_rank)


def needs_someone(finding: Finding) -> bool:
    """Tell whether there is something to do, or a key to know of."""
    return finding.verdict not in {Verdict.COMPLIANT, Verdict.NOT_APPLICABLE} or bool(finding.keys)


def _rank(finding: Finding) -> tuple[int, bool, bool, tuple[str, ...], str]:
    together = () if needs_someone(finding) else finding.reason_codes
    is_milder = finding.severity is not Severity.CRITICAL
    return _ORDER.index(finding.verdict), finding.exception is not None, is_milder, together, finding.account.id
