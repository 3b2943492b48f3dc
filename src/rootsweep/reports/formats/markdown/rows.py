"""The table of the accounts that need someone: as many of the worst as fit, and how many others there are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rootsweep.model.evidence import LastUse, LastUsed, NoLastUse
from rootsweep.model.finding import Finding, KeyRow, Verdict
from rootsweep.reports.formats.markdown.fitting import and_more, fitting
from rootsweep.reports.formats.markdown.text import account_id, clipped, code, prose

_MOST_BYTES: Final = 25_000
_SHOWN_KEYS: Final = 4
_SHOWN_CODES: Final = 5
_SAID: Final = {
    Verdict.NON_COMPLIANT: "non-compliant",
    Verdict.INSUFFICIENT_DATA: "with insufficient data",
    Verdict.COMPLIANT: "compliant",
}


def troubled_section(findings: Sequence[Finding], numbers: Mapping[str, int]) -> Iterator[str]:
    """Give the table of these findings, worst first; ``numbers`` are those of the next steps by account id."""
    if not findings:
        return
    yield "### Accounts that need someone"
    rows = fitting((_row(finding, numbers.get(finding.account.id)) for finding in findings), _MOST_BYTES)
    yield "\n".join(["| account | name | verdict | why | keys | next step |", "|---|---|---|---|---|---:|", *rows])
    hidden = Counter(finding.verdict for finding in findings[len(rows) :])
    if hidden:
        told = ", ".join(f"{hidden[verdict]:,} {said}" for verdict, said in _SAID.items() if hidden[verdict])
        yield f"{and_more(hidden.total(), 'account', f' ({told})')}."


def _row(finding: Finding, number: int | None) -> str:
    account = finding.account
    partition = f" {prose(clipped(account.partition, 20))}" if account.partition and account.partition != "aws" else ""
    cells = [
        f"{account_id(account.id)}{partition}",
        code(clipped(account.name or "", 100)),
        _verdict(finding),
        _why(finding),
        _keys(finding),
        "" if number is None else str(number),
    ]
    return f"| {' | '.join(cells)} |"


def _verdict(finding: Finding) -> str:
    said = f"**{finding.verdict.value}**" + (f", {finding.severity.value}" if finding.severity else "")
    granted = finding.exception
    if granted is None:
        return said
    ticket = f", {code(clipped(granted.ticket, 60))}" if granted.ticket else ""
    until = f"excepted until {granted.expires_at:%Y-%m-%d} by {code(clipped(granted.owner, 60))}"
    return f"{said}, {until}{ticket}: {prose(clipped(granted.reason, 200))}"


def _why(finding: Finding) -> str:
    warnings = f"; warning {_shown(finding.warning_codes)}" if finding.warnings else ""
    return f"{_shown(finding.reason_codes)}{warnings}"


def _shown(codes: Sequence[str]) -> str:
    return ", ".join(code(clipped(one, 60)) for one in codes[:_SHOWN_CODES])


def _keys(finding: Finding) -> str:
    keys = [prose(clipped(_key(key), 120)) for key in finding.keys[:_SHOWN_KEYS]]
    more = len(finding.keys) - len(keys)
    return "; ".join([*keys, *([f"and {more:,} more"] if more else [])])


def _key(key: KeyRow) -> str:
    """Tell in few words what a cell has room for."""
    number = "of unknown id" if key.slot is None else str(key.slot)
    return f"{key.id or f'access key {number}'}: {key.status.value}, {_last_use(key.last_use)}"


def _last_use(last_use: LastUse) -> str:
    match last_use:
        case LastUsed(at=at):
            return f"last used {at:%Y-%m-%d}"
        case NoLastUse.NEVER_RECORDED:
            return "no use recorded"
        case NoLastUse.UNKNOWN:
            return "last use unknown"
