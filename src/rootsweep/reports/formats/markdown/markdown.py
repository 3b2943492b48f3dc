"""``--format markdown``: for a comment on a pull request, on GitHub or GitLab; it reads as plain text too.

The worst comes first, and what does not fit is counted. GitHub takes 65,536 characters; a comment stays below 60,000 bytes,
hence below as many characters in every script, which leaves a workflow room for something around it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.model.finding import Finding, Verdict
from rootsweep.model.run import LeftOut, RejectedInput, Run, Summary
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.markdown.fitting import fitting, section
from rootsweep.reports.formats.markdown.next_steps import next_steps
from rootsweep.reports.formats.markdown.others import others_sections
from rootsweep.reports.formats.markdown.rows import troubled_section
from rootsweep.reports.formats.markdown.text import account_id, clipped, code, prose
from rootsweep.reports.headline import headline
from rootsweep.reports.left_out import warnings_of
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.worst_first import needs_someone, worst_first

_MOST_BYTES_OF_REFUSED: Final = 3_000


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the run as GitHub-flavoured Markdown."""
    ordered = worst_first(run.findings)
    troubled = [finding for finding in ordered if needs_someone(finding)]
    steps = next_steps(troubled, run.gap)
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
        because = run.scope.incomplete_because
        why = f" ({prose(clipped(because, 300))})" if because else ""
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
        f"Audited by rootsweep {code(clipped(run.tool_version, 40))}, finished {run.finished_at:%Y-%m-%d %H:%M} UTC."
    )
