"""What came of a plan's actions, as lines for a person, and the exit code that follows."""

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.model.remediation import ActionKind, Plan
from rootsweep.remediation.results import ActionResult, Result
from rootsweep.reports.plain_text import printable


def show_result(result: ActionResult) -> None:
    """Print a result: the key, and a sentence below it."""
    key = result.action.key
    name = f"  {key.account.name}" if key.account.name else ""
    click.echo(f"{result.result.value.upper():<20} {key.account.id}  {key.id}{printable(name)}")
    click.echo(click.wrap_text(printable(result.detail), initial_indent="    ", subsequent_indent="    "))


def conclude(plan: Plan, results: list[ActionResult], verb: str) -> ExitCode:
    """Print the counts, and what the plan leaves to a person; give the exit code: 0 only when nothing is left undone.

    A key that was gone before is done, and is never counted among those that were deleted; one without a result is left undone.
    """
    planned = sum(action.kind is ActionKind.DELETE_KEY for action in plan.actions)
    done = sum(result.is_done for result in results)
    gone = sum(result.result is Result.ALREADY_GONE for result in results)
    before = f", {gone} gone before" if gone else ""
    by_hand = len(plan.actions) - planned
    click.echo(
        f"\n{done - gone} of {planned} keys {verb}{before}; {by_hand} need a person, {len(plan.held_back)} are held back"
    )
    if by_hand:
        click.echo("`rootsweep plan` shows the steps for those that need a person.")
    return ExitCode.PROVEN if done == planned and not by_hand else ExitCode.REMEDIATION_INCOMPLETE
