"""``--format markdown``: for a comment on a pull request, on GitHub or GitLab; it reads as plain text too.

The worst comes first, and what does not fit is counted. GitHub takes 65,536 characters; a comment stays below 60,000 bytes,
hence below as many characters in every script, which leaves a workflow room for something around it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TextIO

from rootsweep.core.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import LastUse, LastUsed, NoLastUse
from rootsweep.core.finding import Finding, KeyRow, Verdict
from rootsweep.core.run import CoverageGap, LeftOut, RejectedInput, Run, Summary
from rootsweep.core.times import to_the_minute
from rootsweep.reports.formats.markdown.text import (
    ELSEWHERE,
    account_id,
    and_more,
    clipped,
    code,
    fenced,
    fitting,
    prose,
    section,
)
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import counted, headline, needs_someone, shared_steps, warnings_of, worst_first

_MOST_BYTES_OF_REFUSED: Final = 3_000


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the run as GitHub-flavoured Markdown."""
    ordered = worst_first(run.findings)
    troubled = [finding for finding in ordered if needs_someone(finding)]
    steps = next_steps(troubled, run.coverage_gaps)
    sections = [
        f"## Root user access keys: {headline(run)}",
        *_notices(run),
        _counts(run.summary(), run.findings),
        *troubled_section(troubled, steps.numbers),
        *steps.sections,
        *_refused(run.rejected_inputs),
        *_left_out(run.left_out),
        *others_sections([finding for finding in ordered if not needs_someone(finding)]),
        _foot(run, options.presentation.reference),
    ]
    stream.write("\n\n".join(sections) + "\n")


def _notices(run: Run) -> Iterator[str]:
    for warning in warnings_of(run):
        yield f"**Warning:** {prose(warning.message)}"
    if not run.findings:
        yield "**No account was judged: nothing is proven.**"
    if not run.scope.complete:
        reason = run.scope.incomplete_because
        why = f" ({prose(clipped(reason, 300))})" if reason else ""
        yield f"**The scope is incomplete, accounts may be missing**{why}."
    if run.rejected_inputs:
        were = "was" if len(run.rejected_inputs) == 1 else "were"
        yield f"**{counted(len(run.rejected_inputs), 'input')} {were} refused**, see below: they prove nothing."


def _counts(summary: Summary, findings: Iterable[Finding]) -> str:
    allowed = sum(finding.verdict is Verdict.COMPLIANT and bool(finding.keys) for finding in findings)
    rows = [
        ("NON_COMPLIANT", summary.non_compliant),
        *([("of these excepted", summary.excepted)] if summary.excepted else []),
        ("INSUFFICIENT_DATA", summary.insufficient_data),
        ("COMPLIANT: proven", summary.compliant),
        *([("of these with inactive keys that are allowed", allowed)] if allowed else []),
        ("NOT_APPLICABLE", summary.not_applicable),
        ("all", summary.accounts),
    ]
    return "\n".join(["| verdict | accounts |", "|---|---:|", *(f"| {what} | {number:,} |" for what, number in rows)])


def _refused(inputs: tuple[RejectedInput, ...]) -> list[str]:
    lines = (
        f"- {code(clipped(one.path, 200))}{f' line {one.line:,}' if one.line else ''}: {prose(clipped(one.reason, 200))}"
        for one in inputs
    )
    return section("Refused inputs", fitting(lines, _MOST_BYTES_OF_REFUSED), len(inputs), "input")


def _left_out(pieces: tuple[LeftOut, ...]) -> list[str]:
    lines = (
        f"- {code(clipped(one.path, 200))}: {one.source.value.replace('_', ' ')} of account {account_id(one.account_id)}, "
        f"{'**shows a root access key**' if one.shows_key else 'shows no root access key'}"
        for one in sorted(pieces, key=lambda one: not one.shows_key)
    )
    return section("Left out: outside the scope", fitting(lines, _MOST_BYTES_OF_REFUSED), len(pieces), "file")


def _foot(run: Run, reference: Reference) -> str:
    return (
        f"Control: `{ROOT_ACCESS_KEY.id}`, {reference.framework} {reference.version}, {reference.requirement}. "
        f"Audited by rootsweep {code(clipped(run.tool_version, 40))}, finished {to_the_minute(run.finished_at)}."
    )


# The table of the accounts to act on: as many of the worst as fit, and how many others there are.

_MOST_BYTES: Final = 25_000
_SHOWN_KEYS: Final = 4
_SHOWN_CODES: Final = 5
_SAID: Final = {
    Verdict.NON_COMPLIANT: "non-compliant",
    Verdict.INSUFFICIENT_DATA: "with insufficient data",
    Verdict.COMPLIANT: "compliant",
}


def troubled_section(findings: Sequence[Finding], numbers: Mapping[str, int]) -> Iterator[str]:
    """Return the table of these findings, worst first; ``numbers`` are those of the next steps by account id."""
    if not findings:
        return
    yield "### Accounts to act on"
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


# The accounts that need nobody: how many, and the ids of as many as fit, folded away.

_MOST_BYTES_OF_OTHERS: Final = 4_000
_MOST_BYTES_OF_IDS: Final = 3_000
_SHOWN_CODES_OF_OTHERS: Final = 3


def others_sections(findings: Sequence[Finding]) -> Iterator[str]:
    """Return a section for each verdict; the findings come in the order of their verdicts and reasons."""
    for verdict, of_verdict in groupby(findings, key=lambda finding: finding.verdict):
        listed = list(of_verdict)
        is_proven = verdict is Verdict.COMPLIANT
        said = f"{verdict.value}{', without any key' if is_proven else ''}: {counted(len(listed), 'account')}"
        yield f"<details><summary>{said}</summary>"
        if is_proven:
            yield _as_of(listed)
        yield from _by_reason(listed)
        yield "</details>"


def _as_of(findings: Sequence[Finding]) -> str:
    times = [finding.as_of for finding in findings if finding.as_of is not None]
    unknown = len(findings) - len(times)
    oldest = f"The oldest evidence that proves it is as of {min(times):%Y-%m-%d %H:%M} UTC." if times else ""
    untimed = f"Of {counted(unknown, 'account')} the time of the evidence is unknown." if unknown else ""
    return " ".join(filter(None, (oldest, untimed)))


def _by_reason(findings: Sequence[Finding]) -> Iterator[str]:
    groups = [list(group) for _, group in groupby(findings, key=_reasons)]
    lines = fitting(_lines(groups), _MOST_BYTES_OF_OTHERS)
    yield from lines
    hidden = sum(map(len, groups[len(lines) :]))
    if hidden:
        yield f"{and_more(hidden, 'account')}."


def _lines(groups: list[list[Finding]]) -> Iterator[str]:
    room = _MOST_BYTES_OF_IDS
    for group in groups:
        shown = fitting((account_id(finding.account.id) for finding in group), room)
        room -= sum(len(one) + 2 for one in shown)
        more = f" {and_more(len(group) - len(shown), 'account')}" if len(group) > len(shown) else ""
        yield f"{_reasons(group[0])} ({counted(len(group), 'account')}): {', '.join(shown)}{more}"


def _reasons(finding: Finding) -> str:
    return ", ".join(code(clipped(one, 60)) for one in finding.reason_codes[:_SHOWN_CODES_OF_OTHERS])


# What to do next, told once for all accounts that share it, and what would open those that could not be read.

_MOST_BYTES_OF_STEPS: Final = 8_000
_MOST_BYTES_OF_GAP: Final = 12_000
_MOST_BYTES_TO_COPY: Final = 3_000
_MOST_BYTES_OF_STEP_IDS: Final = 1_500
_FEW: Final = 4


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The sections, and the number of what to do by account id, for what is shown."""

    sections: list[str]
    numbers: dict[str, int]


def next_steps(findings: Iterable[Finding], gaps: Sequence[CoverageGap]) -> NextSteps:
    """Return the next steps of these findings, in their order, and after them the groups of accounts that could not be read."""
    steps = shared_steps(findings, gaps)
    shown_steps = fitting(_steps(steps), _MOST_BYTES_OF_STEPS)
    shown_groups = fitting(_groups(gaps, len(steps) + 1), _MOST_BYTES_OF_GAP)
    its_findings = list(steps.values())[: len(shown_steps)]
    numbers = {one.account.id: number for number, those in enumerate(its_findings, 1) for one in those}
    for number, group in enumerate(gaps[: len(shown_groups)], len(steps) + 1):
        numbers |= dict.fromkeys(group.accounts, number)
    sections = section("Next steps", shown_steps, len(steps), "step")
    return NextSteps(sections + section("Close the gap", shown_groups, len(gaps), "change", "\n\n"), numbers)


def _steps(steps: Mapping[str, Sequence[Finding]]) -> Iterator[str]:
    for number, (step, findings) in enumerate(steps.items(), 1):
        yield f"{number}. ({counted(len(findings), 'account')}) {prose(clipped(step, 1_000))}"


def _groups(groups: Iterable[CoverageGap], first: int) -> Iterator[str]:
    for number, group in enumerate(groups, first):
        mark = f"{number}. "
        indent = " " * len(mark)
        lines = [f"{mark}({counted(len(group.accounts), 'account')}) {prose(clipped(group.remedy, 600))}"]
        lines += ["", *_lines_to_copy(group.how, indent)] if group.how else []
        yield "\n".join([*lines, "", *_accounts(group.accounts, indent)])


def _lines_to_copy(lines: tuple[str, ...], indent: str) -> list[str]:
    """Show them whole or not at all."""
    block = fenced(lines, indent)
    fits = sum(len(line.encode()) for line in block) <= _MOST_BYTES_TO_COPY
    return block if fits else [f"{indent}For the commands {ELSEWHERE}."]


def _accounts(account_ids: tuple[str, ...], indent: str) -> list[str]:
    shown = fitting(map(account_id, account_ids), _MOST_BYTES_OF_STEP_IDS)
    more = len(account_ids) - len(shown)
    listed = ", ".join(shown) + (f" {and_more(more, 'account')}" if more else "")
    if len(account_ids) <= _FEW:
        return [f"{indent}In {listed}."]
    opening = f"<details><summary>{counted(len(account_ids), 'account')}</summary>"
    return [f"{indent}{opening}", "", f"{indent}{listed}", "", f"{indent}</details>"]
