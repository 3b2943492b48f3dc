"""What is to be done: next steps that accounts share, and what opens the accounts that could not be read, each told once."""

from collections.abc import Iterable
from dataclasses import dataclass

from rootsweep.model.finding import Finding
from rootsweep.model.gap import OWNER_COMMAND, GapGroup


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


def to_do_of(findings: Iterable[Finding], gap: tuple[GapGroup, ...]) -> ToDo:
    """Group ``findings``, worst first, by what is to be done next."""
    references = {one.account.id: _reference(one) for one in findings}
    unread = {account_id for group in gap for account_id in group.accounts}
    by_step: dict[str, list[AccountReference]] = {}
    for finding in findings:
        if finding.next_step and finding.account.id not in unread:
            by_step.setdefault(finding.next_step, []).append(references[finding.account.id])
    steps = tuple(
        Remedy(f"step-{number}", f"Step {number}", None, text, (), tuple(accounts))
        for number, (text, accounts) in enumerate(by_step.items(), 1)
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
