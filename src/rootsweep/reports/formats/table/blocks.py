"""An account that needs someone, as a block of lines."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding, Message, ProcedureResult, Verdict, WarningCode
from rootsweep.reports.console import labelled
from rootsweep.reports.key_text import describe_key
from rootsweep.reports.plain_text import printable

STYLES: Final = {
    Verdict.NON_COMPLIANT: "bold red",
    Verdict.INSUFFICIENT_DATA: "bold yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.COMPLIANT: "bold green",
}
OUTCOME_STYLES: Final = {
    ProcedureResult.FAIL: "red",
    ProcedureResult.UNKNOWN: "yellow",
    ProcedureResult.PASS: "green",
}


def print_block(console: Console, finding: Finding, now: datetime, number: int | None) -> None:
    """Print what a finding tells; ``number`` is that of what to do next, None where there is nothing."""
    heading = Text()
    heading.append(f"{finding.verdict.value:<18}", style=STYLES[finding.verdict])
    heading.append(finding.account.id, style="bold")
    name = " ".join(printable(part) for part in (finding.account.name, finding.account.partition) if part)
    heading.append(f"  {name}" if name else "")
    heading.append(f"  {finding.severity.value}" if finding.severity else "", style="red")
    heading.append("  EXCEPTED" if finding.exception else "", style="bold cyan")
    console.print(heading)
    console.print(Padding(labelled(_rows(finding, now, number), label_width=10), (0, 0, 1, 2)))


def told_warnings(finding: Finding) -> tuple[Message, ...]:
    """Leave out what the "as of" already says."""
    return tuple(warning for warning in finding.warnings if warning.code != WarningCode.REPORT_TIME_UNKNOWN)


def message_text(message: Message) -> Text:
    """Give a reason or a warning, its code in bold."""
    text = Text(message.code, style="bold")
    return text.append(f": {printable(message.message)}", style="not bold")


def time_text(time: datetime | None) -> str:
    """Give a time to the minute."""
    return "unknown time" if time is None else f"{time:%Y-%m-%d %H:%M} UTC"


def _rows(finding: Finding, now: datetime, number: int | None) -> Iterable[tuple[str, Text]]:
    for reason in finding.reasons:
        yield "why", message_text(reason)
    for row in finding.keys:
        yield "key", Text(printable(describe_key(row, now)))
    if finding.exception is not None:
        yield "exception", _exception(finding.exception)
    for warning in told_warnings(finding):
        yield "warning", message_text(warning)
    yield "audits", _procedures(finding)
    yield "as of", Text(time_text(finding.as_of))
    if number is not None:
        yield "next step", Text(f"[{number}] below")


def _exception(exception: GrantedException) -> Text:
    ticket = f", {exception.ticket}" if exception.ticket else ""
    text = f"until {exception.expires_at:%Y-%m-%d} by {exception.owner}{ticket}: {exception.reason}"
    return Text(printable(text))


def _procedures(finding: Finding) -> Text:
    text = Text("credential report ")
    report, summary = finding.procedures.credential_report, finding.procedures.account_summary
    text.append(report.value, style=OUTCOME_STYLES[report])
    text.append(", account summary ")
    return text.append(summary.value, style=OUTCOME_STYLES[summary])
