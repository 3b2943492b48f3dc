"""What to do next, told once for all accounts that share it, and what would open those that could not be read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rootsweep.model.finding import Finding
from rootsweep.model.gap import GapGroup
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.markdown.fitting import ELSEWHERE, and_more, fitting, section
from rootsweep.reports.formats.markdown.text import account_id, clipped, fenced, prose
from rootsweep.reports.shared_steps import shared_steps

_MOST_BYTES_OF_STEPS: Final = 8_000
_MOST_BYTES_OF_GAP: Final = 12_000
_MOST_BYTES_TO_COPY: Final = 3_000
_MOST_BYTES_OF_IDS: Final = 1_500
_FEW: Final = 4


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The sections, and the number of what to do by account id, for what is shown."""

    sections: list[str]
    numbers: dict[str, int]


def next_steps(findings: Iterable[Finding], gap: Sequence[GapGroup]) -> NextSteps:
    """Give the next steps of these findings, in their order, and after them the groups of accounts that could not be read."""
    steps = shared_steps(findings, gap)
    shown_steps = fitting(_steps(steps), _MOST_BYTES_OF_STEPS)
    shown_groups = fitting(_groups(gap, len(steps) + 1), _MOST_BYTES_OF_GAP)
    its_findings = list(steps.values())[: len(shown_steps)]
    numbers = {one.account.id: number for number, those in enumerate(its_findings, 1) for one in those}
    for number, group in enumerate(gap[: len(shown_groups)], len(steps) + 1):
        numbers |= dict.fromkeys(group.accounts, number)
    sections = section("Next steps", shown_steps, len(steps), "step")
    return NextSteps(sections + section("Close the gap", shown_groups, len(gap), "change", "\n\n"), numbers)


def _steps(steps: Mapping[str, Sequence[Finding]]) -> Iterator[str]:
    for number, (step, findings) in enumerate(steps.items(), 1):
        yield f"{number}. ({counted(len(findings), 'account')}) {prose(clipped(step, 1_000))}"


def _groups(groups: Iterable[GapGroup], first: int) -> Iterator[str]:
    for number, group in enumerate(groups, first):
        mark = f"{number}. "
        indent = " " * len(mark)
        lines = [f"{mark}({counted(len(group.accounts), 'account')}) {prose(clipped(group.change, 600))}"]
        lines += ["", *_lines_to_copy(group.how, indent)] if group.how else []
        yield "\n".join([*lines, "", *_accounts(group.accounts, indent)])


def _lines_to_copy(lines: tuple[str, ...], indent: str) -> list[str]:
    """Show them whole or not at all."""
    block = fenced(lines, indent)
    fits = sum(len(line.encode()) for line in block) <= _MOST_BYTES_TO_COPY
    return block if fits else [f"{indent}For the lines to copy {ELSEWHERE}."]


def _accounts(account_ids: tuple[str, ...], indent: str) -> list[str]:
    shown = fitting(map(account_id, account_ids), _MOST_BYTES_OF_IDS)
    more = len(account_ids) - len(shown)
    listed = ", ".join(shown) + (f" {and_more(more, 'account')}" if more else "")
    if len(account_ids) <= _FEW:
        return [f"{indent}In {listed}."]
    opening = f"<details><summary>{counted(len(account_ids), 'account')}</summary>"
    return [f"{indent}{opening}", "", f"{indent}{listed}", "", f"{indent}</details>"]
