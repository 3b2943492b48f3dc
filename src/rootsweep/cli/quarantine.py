"""``rootsweep quarantine``: a reversible test before a root key is deleted."""

from datetime import timedelta
from pathlib import Path

import click

from rootsweep.auditing.access import RoleOptions
from rootsweep.auditing.request import CallerOptions
from rootsweep.cli import clock, quarantine_changes
from rootsweep.cli.options.types import Duration, ExternalId, RoleName, caller_options
from rootsweep.cli.quarantine_status import show_status
from rootsweep.remediation.on_aws.opening import open_plan


@click.command("quarantine")
@click.argument("what", type=click.Choice(["on", "status", "lift"]), metavar="on|status|lift")
@click.argument("plan_path", metavar="PLAN")
@click.option("--confirm", metavar="DIGEST", help="The plan's digest, for automation; without it you are asked to type.")
@click.option("--journal", "journal_path", metavar="FILE", help="The journal; by default PLAN.journal.jsonl beside the plan.")
@click.option("--govcloud-understood", is_flag=True, help="on: go on in GovCloud, whose root user works through keys alone.")
@click.option("--delete-policy", is_flag=True, help="lift: delete the shared policy too, once nothing has it any more.")
@click.option("--role-name", type=RoleName(), metavar="NAME", help="status: the role in each account that looks up its calls.")
@click.option("--external-id", type=ExternalId(), metavar="ID", help="status: the external id that the role's trust asks for.")
@caller_options
@click.option("--timeout", type=Duration(), default="2m", metavar="TIME", show_default=True, help="How long to wait for proof.")
def command(  # noqa: PLR0913  one parameter an option
    *,
    what: str,
    plan_path: str,
    confirm: str | None,
    journal_path: str | None,
    govcloud_understood: bool,
    delete_policy: bool,
    role_name: str | None,
    external_id: str | None,
    profile: str | None,
    region: str | None,
    timeout: timedelta,
) -> int:
    """Deny the root user everything in the accounts of a plan, see what breaks, and undo it; no key is changed.

    One service control policy is attached to each account that has an active root key; it spares the root sessions that
    rootsweep works by.

    \b
    rootsweep quarantine on rootsweep-plan.json
    rootsweep quarantine status rootsweep-plan.json --role-name NAME
    rootsweep quarantine lift rootsweep-plan.json
    """  # noqa: D301  click reads the backspace as "keep these lines"
    _check_options(
        what,
        {
            "--govcloud-understood": ("on", govcloud_understood),
            "--delete-policy": ("lift", delete_policy),
            "--role-name": ("status", role_name is not None),
            "--external-id": ("status", external_id is not None),
        },
    )
    if external_id is not None and role_name is None:
        raise click.UsageError("--external-id goes with --role-name.")
    context = open_plan(plan_path, CallerOptions(profile, region, timeout), clock.now, may_have_expired=what != "on")
    path = Path(journal_path or f"{plan_path}.journal.jsonl")
    match what:
        case "on":
            return quarantine_changes.quarantine(context, path, confirm, clock.now, govcloud_understood=govcloud_understood)
        case "lift":
            return quarantine_changes.lift(context, path, confirm, clock.now, and_delete=delete_policy)
        case _:
            return show_status(context, path, None if role_name is None else RoleOptions(role_name, external_id))


def _check_options(what: str, given: dict[str, tuple[str, bool]]) -> None:
    """Refuse an option that another of the three takes; one that would do nothing is most likely a mistake."""
    for option, (belongs_to, is_given) in given.items():
        if is_given and belongs_to != what:
            raise click.UsageError(f"{option} goes with `rootsweep quarantine {belongs_to}`.")
