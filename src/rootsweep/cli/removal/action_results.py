"""What came of a plan's actions, as lines for a person, and the exit code that follows."""

from collections.abc import Iterable

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.model.remediation import ActionKind, Plan
from rootsweep.remediation.results import ActionResult, Result
from rootsweep.reports.plain_text import printable


def show_results(results: Iterable[ActionResult]) -> list[ActionResult]:
    """Print each result as it comes, and give all of them."""
    shown: list[ActionResult] = []
    for result in results:
        key = result.action.key
        name = f"  {key.account.name}" if key.account.name else ""
        click.echo(f"{result.result.value.upper():<20} {key.account.id}  {key.id}{printable(name)}")
        click.echo(click.wrap_text(printable(result.detail), initial_indent="    ", subsequent_indent="    "))
        shown.append(result)
    return shown


def conclude(plan: Plan, results: list[ActionResult], verb: str) -> ExitCode:
    """Print the counts, and what the plan leaves to a person; give the exit code: 0 only when nothing is left undone.

    A key that was gone before is done, and is never counted among those that were deleted.
    """
    done = sum(result.is_done for result in results)
    gone = sum(result.result is Result.ALREADY_GONE for result in results)
    before = f", {gone} gone before" if gone else ""
    by_hand = sum(action.kind is not ActionKind.DELETE_KEY for action in plan.actions)
    click.echo(
        f"\n{done - gone} of {len(results)} keys {verb}{before}; {by_hand} need a person, {len(plan.held_back)} are held back"
    )
    if by_hand:
        click.echo("`rootsweep plan` shows the steps for those that need a person.")
    return ExitCode.PROVEN if done == len(results) and not by_hand else ExitCode.REMEDIATION_INCOMPLETE
