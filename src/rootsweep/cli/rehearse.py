"""``rootsweep rehearse``: what would come of a plan, by reading alone."""

from datetime import timedelta

import click

from rootsweep.auditing.request import CallerOptions
from rootsweep.cli import clock
from rootsweep.cli.apply import conclude, name_of
from rootsweep.cli.options.types import Duration, caller_options, repeated_caller
from rootsweep.cli.results import say_next, show
from rootsweep.core.removal.plan import Action
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.on_aws.opening import open_plan
from rootsweep.remediation.root_keys import rehearse
from rootsweep.reports.wording import shell_word


@click.command("rehearse")
@click.argument("plan_path", metavar="PLAN")
@caller_options
@click.option("--timeout", type=Duration(), default="1m", metavar="TIME", show_default=True, help="Time limit for each call.")
def command(*, plan_path: str, profile: str | None, region: str | None, timeout: timedelta) -> int:
    """Rehearse a plan: open the same sessions, look at the same keys, check everything, and write nothing.

    \b
    rootsweep rehearse rootsweep-plan.json
    """  # noqa: D301  click reads the backspace as "keep these lines"
    context = open_plan(plan_path, CallerOptions(profile, region, timeout), clock.now)
    results: list[Result[Action]] = []
    for result in rehearse(context.plan, context.gateway):
        show(result, name_of(result.subject))
        results.append(result)
    code = conclude(context.plan, results, "would be deleted")
    if any(result.code is ResultCode.WOULD_DELETE for result in results):
        repeated = repeated_caller()
        say_next(
            f"rootsweep quarantine on {shell_word(plan_path)}{repeated}", "deny root everything first, and see what breaks"
        )
        say_next(f"rootsweep apply {shell_word(plan_path)}{repeated}", "delete the keys; each is looked at again before")
    return code
