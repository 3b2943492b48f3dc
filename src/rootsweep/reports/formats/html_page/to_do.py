"""What is to be done: next steps that accounts share, and what opens the accounts that could not be read, each told once."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootsweep.model.finding import Finding
from rootsweep.model.gap import OWNER_COMMAND, GapGroup
from rootsweep.reports.shared_steps import shared_steps


@dataclass(frozen=True, slots=True)
class AccountReference:
    """An account that a group points to."""

    id: str
    name: str | None
    is_excepted: bool


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change, and the accounts that it concerns.

    ``anchor`` is its id on the page, ``title`` how an account refers to it; ``code`` is the group's, None for a next step;
    ``lines`` are to be copied.
    """

    anchor: str
    title: str
    code: str | None
    text: str
    lines: tuple[str, ...]
    accounts: tuple[AccountReference, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """All of it; ``last_resort`` are the lines that open any account, ``last_resort_in`` the group that holds them, if any."""

    steps: tuple[Remedy, ...]
    gap: tuple[Remedy, ...]
    last_resort: tuple[str, ...]
    last_resort_in: Remedy | None
    by_account: dict[str, Remedy]


def to_do_of(findings: Sequence[Finding], gap: tuple[GapGroup, ...]) -> ToDo:
    """Group ``findings``, worst first, by what is to be done next."""
    references = {one.account.id: _reference(one) for one in findings}
    steps = tuple(
        Remedy(f"step-{number}", f"Step {number}", None, text, (), tuple(references[one.account.id] for one in its_findings))
        for number, (text, its_findings) in enumerate(shared_steps(findings, gap).items(), 1)
    )
    groups = tuple(
        Remedy(
            f"gap-{number}",
            f"Gap {number}",
            str(group.code),
            group.change,
            group.how,
            tuple(references[account_id] for account_id in group.accounts),
        )
        for number, group in enumerate(gap, 1)
    )
    last_resort_in = next((group for group in groups if group.lines == OWNER_COMMAND), None)
    by_account = {account.id: remedy for remedy in (*steps, *groups) for account in remedy.accounts}
    return ToDo(steps, groups, OWNER_COMMAND, last_resort_in, by_account)


def _reference(finding: Finding) -> AccountReference:
    return AccountReference(finding.account.id, finding.account.name, finding.exception is not None)
