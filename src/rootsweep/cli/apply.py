"""``rootsweep apply``: carry out a plan, one key at a time, with a journal."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from rootsweep import __version__
from rootsweep.cli.parameters import Duration
from rootsweep.errors import UsageError
from rootsweep.model.journal import PlanOpened, RemediationCommand
from rootsweep.model.remediation import ActionKind, Plan

_TYPED_IDS: Final = 5
"""Up to so many keys are named by typing their ids; more, by typing the plan's digest, which names them all."""


@click.command("apply")
@click.argument("plan_path", metavar="PLAN")
@click.option("--confirm", metavar="DIGEST", help="The plan's digest, for automation; without it you are asked to type.")
@click.option("--journal", "journal_path", metavar="FILE", help="The journal; by default PLAN.journal.jsonl beside the plan.")
@click.option("--profile", metavar="NAME", help="A profile of AWS's configuration files.")
@click.option("--region", envvar="AWS_REGION", metavar="REGION", help="The AWS Region to ask.")
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
    from rootsweep.cli.action_results import conclude, show_results  # noqa: PLC0415  the same
    from rootsweep.cli.opened_plan import open_plan  # noqa: PLC0415  the same
    from rootsweep.remediation.application import Application  # noqa: PLC0415  the same
    from rootsweep.remediation.journal.file import Journal  # noqa: PLC0415  the same

    opened = open_plan(plan_path, SessionOptions(profile=profile, region=region), timeout, _now)
    if not _key_ids(opened.plan):
        return conclude(opened.plan, [], "deleted")
    _confirm(opened.plan, opened.digest, confirm)
    with Journal.open(Path(journal_path or f"{plan_path}.journal.jsonl"), _now) as journal:
        arn, organization_id = opened.caller_arn, opened.plan.organization_id
        journal.append(PlanOpened(opened.digest, organization_id, arn, __version__, RemediationCommand.APPLY))
        application = Application(opened.plan, opened.digest, opened.gateway, journal, opened.patience.pauses)
        results = show_results(application.run())
    return conclude(opened.plan, results, "deleted")


def _key_ids(plan: Plan) -> list[str]:
    return [str(action.key.id) for action in plan.actions if action.kind is ActionKind.DELETE_KEY]


def _confirm(plan: Plan, digest: str, confirm: str | None) -> None:
    """Have the person name what will be deleted; raises ``UsageError`` for anything else."""
    if confirm is not None:
        if confirm != digest:
            raise UsageError("--confirm is not the digest of this plan", "show the plan again, and confirm what it says")
        return
    ids = _key_ids(plan)
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to confirm", f"give --confirm {digest} if the plan is what you want")
    click.echo(f"{len(ids)} root access keys will be deleted for good, in organization {plan.organization_id}:")
    for action in plan.actions:
        if action.kind is ActionKind.DELETE_KEY:
            click.echo(f"  {action.key.account.id}  {action.key.id}  {action.key.status.value}")
    wanted = " ".join(ids) if len(ids) <= _TYPED_IDS else digest
    what = "their ids, separated by blanks" if len(ids) <= _TYPED_IDS else f"the plan's digest, {digest}"
    typed = click.prompt(f"To delete them type {what}", prompt_suffix=":\n", default="", show_default=False)
    if sorted(typed.split()) != sorted(wanted.split()):
        raise UsageError("what was typed does not name the keys of the plan: nothing was deleted", "run it again")


def _now() -> datetime:
    return datetime.now(UTC)
