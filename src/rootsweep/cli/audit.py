"""``rootsweep audit``: judge an account, or saved evidence, and show the verdicts."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import click

from rootsweep.cli.exit_codes import ExitCode, exit_code_of
from rootsweep.cli.output import check_writable, write_result
from rootsweep.cli.parameters import AccountId, Duration
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import RejectedInput
from rootsweep.reports.registry import FORMATS, render
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.sweep.judging import judge_gathered
from rootsweep.verdict import InactiveKeys, JudgingRules


@click.command("audit")
@click.option(
    "--from",
    "paths",
    metavar="PATH",
    multiple=True,
    help="Saved evidence: a file, a folder (with everything in it), or - for standard input. Repeatable; "
    "further PATHs may follow.",
)
@click.argument("more_paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--account", "accounts", type=AccountId(), multiple=True, metavar="ID", help="Judge this account alone. Repeatable."
)
@click.option(
    "--format", "format_name", type=click.Choice(sorted(FORMATS)), default="table", show_default=True, help="How to show it."
)
@click.option("--output", metavar="FILE", help="Write to FILE, whole or not at all, instead of standard output.")
@click.option(
    "--inactive-keys",
    type=click.Choice([choice.value for choice in InactiveKeys]),
    default=InactiveKeys.FAIL.value,
    show_default=True,
    help="Whether an inactive root key fails, or is allowed as the credential report procedure does.",
)
@click.option("--max-age", type=Duration(), metavar="AGE", help="The oldest report that proves absence, such as 90d or 4h.")
@click.option("--profile", metavar="NAME", help="A profile of AWS's configuration files, instead of the current credentials.")
@click.option("--region", envvar="AWS_REGION", metavar="REGION", help="The AWS Region to ask; it also tells the partition.")
@click.option(
    "--access", type=click.Choice(["own"]), help="How to reach AWS. Beside --from: ask AWS too, and judge both together."
)
@click.option(
    "--timeout",
    type=Duration(),
    default="2m",
    metavar="TIME",
    show_default=True,
    help="How long to wait for a report.",
)
def command(  # noqa: PLR0913  one parameter an option
    *,
    paths: tuple[str, ...],
    more_paths: tuple[str, ...],
    accounts: tuple[str, ...],
    format_name: str,
    output: str | None,
    inactive_keys: str,
    max_age: timedelta | None,
    profile: str | None,
    region: str | None,
    access: str | None,
    timeout: timedelta,
) -> int:
    """Judge the account of the current AWS credentials, or saved evidence, or both.

    \b
    rootsweep audit
    rootsweep audit --profile production --format json
    rootsweep audit --from reports/
    rootsweep audit --from report.csv summary-111122223333.json --max-age 90d
    """  # noqa: D301  click reads the backspace as "keep these lines"
    if more_paths and not paths:
        raise click.UsageError(f"Unexpected argument {more_paths[0]!r}; give saved evidence with --from PATH.")
    check_writable(output)
    rules = JudgingRules(InactiveKeys(inactive_keys), max_age)
    started_at = _now()
    gathered = _read_saved([*paths, *more_paths], accounts) if paths else GatheredEvidence()
    asks_aws = not paths or profile is not None or access is not None
    if asks_aws:
        from rootsweep.cli.live_audit import LiveAudit, audit_own_account  # noqa: PLC0415  the SDK is slow to import

        asked = LiveAudit(profile, region, accounts, timeout)
        run = audit_own_account(asked, gathered, rules, _now)
    else:
        run = judge_gathered(gathered, rules, _now, started_at, Scope(ScopeKind.FILES))
    write_result(partial(render, format_name, run), output)
    _tell_scope(gathered, is_whole_input=not asks_aws)
    return exit_code_of(run) if asks_aws or gathered.usable else ExitCode.USAGE


def _now() -> datetime:
    return datetime.now(UTC)


def _read_saved(paths: list[str], accounts: tuple[str, ...]) -> GatheredEvidence:
    from rootsweep.sources.files import read_evidence  # noqa: PLC0415  an audit of AWS alone does not wait for its import
    from rootsweep.sweep.saved import gather  # noqa: PLC0415  the same

    return gather(read_evidence(paths, account_ids=accounts, stdin=sys.stdin.buffer), accounts, _tell_refusal)


def _tell_refusal(refused: RejectedInput) -> None:
    place = f"{refused.path}:{refused.line}" if refused.line else refused.path
    click.echo(f"rootsweep: refused {_printable(place)}: {_printable(refused.reason)}", err=True)


def _tell_scope(gathered: GatheredEvidence, *, is_whole_input: bool) -> None:
    if is_whole_input and not gathered.usable:
        click.echo("rootsweep: nothing that was given is evidence; give credential reports or account summaries", err=True)
    if gathered.out_of_scope:
        click.echo(f"rootsweep: left out evidence of {len(gathered.out_of_scope)} account(s) not named by --account", err=True)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
