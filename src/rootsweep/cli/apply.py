"""``rootsweep apply``: carry out a plan, one key at a time, with a journal."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import click

from rootsweep.auditing.request import CallerOptions
from rootsweep.cli import clock, confirmation
from rootsweep.cli.confirmation import Question
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.types import Duration, caller_options, repeated_caller
from rootsweep.cli.results import carry_out, say_next
from rootsweep.core.removal.journal import PlanOpened, RemediationCommand
from rootsweep.core.removal.plan import Action, ActionKind, Plan
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.errors import UsageError
from rootsweep.remediation.executor import Executor
from rootsweep.remediation.on_aws.opening import open_plan
from rootsweep.remediation.quarantine_journal import still_quarantined
from rootsweep.remediation.root_keys import Application
from rootsweep.reports.wording import printable, shell_word
from rootsweep.storage.journal import Journal, read_journal
from rootsweep.version import __version__


@click.command("apply")
@click.argument("plan_path", metavar="PLAN")
@click.option("--confirm", metavar="DIGEST", help="Plan digest, to confirm non-interactively; otherwise you are prompted.")
@click.option("--journal", "journal_path", metavar="FILE", help="Journal file (default: PLAN.journal.jsonl beside the plan).")
@caller_options
@click.option(
    "--timeout",
    type=Duration(),
    default="2m",
    metavar="TIME",
    show_default=True,
    help="How long to wait until AWS confirms each change.",
)
def command(  # noqa: PLR0913  one parameter an option
    *,
    plan_path: str,
    confirm: str | None,
    journal_path: str | None,
    profile: str | None,
    region: str | None,
    timeout: timedelta,
) -> int:
    """Apply a plan: delete the root access keys that it names, and no other; a deleted key cannot be recovered.

    Every key is looked at again before it is deleted, and its absence is verified. Run again after a crash, it asks AWS what is
    true and goes on.

    \b
    rootsweep apply rootsweep-plan.json
    """  # noqa: D301  click reads the backspace as "keep these lines"
    context = open_plan(plan_path, CallerOptions(profile, region, timeout), clock.now)
    beside = Path(f"{plan_path}.journal.jsonl")
    path = Path(journal_path or beside)
    if not _key_ids(context.plan):
        code = conclude(context.plan, [], "deleted")
        _show_quarantined(plan_path, {path, beside}, beside)
        return code
    confirmation.confirm(_question(context.plan), context.digest, confirm)
    with Journal.open(path, clock.now) as journal:
        arn, organization_id = context.caller_arn, context.plan.organization_id
        journal.append(PlanOpened(context.digest, organization_id, arn, __version__, RemediationCommand.APPLY))
        application = Application(context.plan, Executor(context.digest, journal, context.backoff.pauses), context.gateway)
        carried_out = carry_out(application.run(), name_of)
    code = conclude(context.plan, carried_out.results, "deleted")
    say_next(f"rootsweep journal {shell_word(str(path))}", "what was done, and that nobody has changed the journal")
    _show_quarantined(plan_path, {path, beside}, beside)
    return carried_out.exit_code(code)


def _show_quarantined(plan_path: str, journals: Collection[Path], beside: Path) -> None:
    """Name the accounts that the journals show to be quarantined still, and the command that lifts the quarantine.

    The journal beside the plan is the one that `rootsweep quarantine` keeps unless another is named.
    """
    for path in sorted(path for path in journals if path.exists()):
        try:
            account_ids = still_quarantined(read_journal(path))
        except UsageError as error:
            click.echo(f"Whether an account is still quarantined could not be seen: {printable(f'{error}; {error.advice}')}.")
            continue
        if account_ids:
            noun = "account is" if len(account_ids) == 1 else "accounts are"
            click.echo(f"{len(account_ids)} {noun} still quarantined, by {printable(str(path))}: {', '.join(account_ids)}.")
            named = "" if path == beside else f" --journal {shell_word(str(path))}"
            say_next(
                f"rootsweep quarantine lift {shell_word(plan_path)}{repeated_caller()}{named}",
                "give these root users back what they may do",
            )


def _key_ids(plan: Plan) -> list[str]:
    return [str(action.key.id) for action in plan.actions if action.kind is ActionKind.DELETE_KEY]


def _question(plan: Plan) -> Question:
    deletions = [action.key for action in plan.actions if action.kind is ActionKind.DELETE_KEY]
    return Question(
        f"{len(deletions)} root access keys will be deleted for good, in organization {plan.organization_id}:",
        [f"{key.account.id}  {key.id}  {key.status.value:<8}  {key.account.name or ''}".rstrip() for key in deletions],
        _key_ids(plan),
        "delete",
        "key",
    )


def name_of(action: Action) -> str:
    """Name the key of an action, and its account."""
    account = action.key.account
    return f"{account.id}  {action.key.id}" + (f"  {account.name}" if account.name else "")


def conclude(plan: Plan, results: list[Result[Action]], verb: str) -> ExitCode:
    """Print the counts, and what the plan leaves to a person; give the exit code: 0 only when nothing is left undone.

    A key that was gone before is done, and is never counted among those that were deleted; one without a result is left undone.
    """
    planned = sum(action.kind is ActionKind.DELETE_KEY for action in plan.actions)
    done = sum(result.is_done for result in results)
    gone = sum(result.code is ResultCode.ALREADY_GONE for result in results)
    before = f", {gone} gone before" if gone else ""
    by_hand = len(plan.actions) - planned
    click.echo(
        f"\n{done - gone} of {planned} keys {verb}{before}; {by_hand} to remove by hand, {len(plan.held_back)} held back"
    )
    if by_hand:
        click.echo("`rootsweep plan` shows the steps for those to remove by hand.")
    return ExitCode.PROVEN if done == planned and not by_hand else ExitCode.REMEDIATION_INCOMPLETE
