"""``rootsweep apply``: carry out a plan, one key at a time, with a journal."""

from datetime import timedelta
from pathlib import Path

import click

from rootsweep import __version__
from rootsweep.cli import clock
from rootsweep.cli.option_groups import caller_options
from rootsweep.cli.parameters import Duration
from rootsweep.cli.removal import plan_confirmation
from rootsweep.cli.removal.plan_confirmation import Question
from rootsweep.model.journal import PlanOpened, RemediationCommand
from rootsweep.model.remediation import ActionKind, Plan


@click.command("apply")
@click.argument("plan_path", metavar="PLAN")
@click.option("--confirm", metavar="DIGEST", help="The plan's digest, for automation; without it you are asked to type.")
@click.option("--journal", "journal_path", metavar="FILE", help="The journal; by default PLAN.journal.jsonl beside the plan.")
@caller_options
@click.option("--timeout", type=Duration(), default="2m", metavar="TIME", show_default=True, help="How long to wait for proof.")
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
    from rootsweep.aws.session import SessionOptions  # noqa: PLC0415  the SDK is slow to import
    from rootsweep.cli.removal.action_results import conclude, show_results  # noqa: PLC0415  the same
    from rootsweep.cli.removal.opened_plan import open_plan  # noqa: PLC0415  the same
    from rootsweep.remediation.application import Application  # noqa: PLC0415  the same
    from rootsweep.remediation.journal.file import Journal  # noqa: PLC0415  the same

    opened = open_plan(plan_path, SessionOptions(profile=profile, region=region), timeout, clock.now)
    if not _key_ids(opened.plan):
        return conclude(opened.plan, [], "deleted")
    plan_confirmation.confirm(_question(opened.plan), opened.digest, confirm)
    with Journal.open(Path(journal_path or f"{plan_path}.journal.jsonl"), clock.now) as journal:
        arn, organization_id = opened.caller_arn, opened.plan.organization_id
        journal.append(PlanOpened(opened.digest, organization_id, arn, __version__, RemediationCommand.APPLY))
        application = Application(opened.plan, opened.digest, opened.gateway, journal, opened.patience.pauses)
        results = show_results(application.run())
    return conclude(opened.plan, results, "deleted")


def _key_ids(plan: Plan) -> list[str]:
    return [str(action.key.id) for action in plan.actions if action.kind is ActionKind.DELETE_KEY]


def _question(plan: Plan) -> Question:
    deletions = [action.key for action in plan.actions if action.kind is ActionKind.DELETE_KEY]
    return Question(
        f"{len(deletions)} root access keys will be deleted for good, in organization {plan.organization_id}:",
        [f"{key.account.id}  {key.id}  {key.status.value}" for key in deletions],
        _key_ids(plan),
        "To delete them",
        "what was typed does not name the keys of the plan: nothing was deleted",
    )
