"""``rootsweep audit``: judge saved evidence and show the verdicts."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import click

from rootsweep.cli.exit_codes import ExitCode, exit_code_of
from rootsweep.cli.output import check_writable, write_result
from rootsweep.cli.parameters import AccountId, Duration
from rootsweep.model.run import RejectedInput
from rootsweep.reports.registry import FORMATS, render
from rootsweep.sources.files import read_evidence
from rootsweep.sweep import GatheredEvidence, gather, judge_gathered
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
def command(  # noqa: PLR0913  one parameter an option
    *,
    paths: tuple[str, ...],
    more_paths: tuple[str, ...],
    accounts: tuple[str, ...],
    format_name: str,
    output: str | None,
    inactive_keys: str,
    max_age: timedelta | None,
) -> int:
    """Judge saved evidence: credential reports and account summaries, in any mix of files.

    \b
    rootsweep audit --from reports/
    rootsweep audit --from report.csv summary-111122223333.json --max-age 90d
    aws iam get-credential-report | rootsweep audit --from -
    """  # noqa: D301  click reads the backspace as "keep these lines"
    if not paths:
        raise click.UsageError("Give saved evidence with --from PATH: credential reports or account summaries.")
    check_writable(output)
    rules = JudgingRules(InactiveKeys(inactive_keys), max_age)
    started_at = _now()
    pieces = read_evidence([*paths, *more_paths], account_ids=accounts, stdin=sys.stdin.buffer)
    gathered = gather(pieces, accounts, _tell_refusal)
    run = judge_gathered(gathered, rules, _now, started_at)
    write_result(partial(render, format_name, run), output)
    _tell_scope(gathered)
    return exit_code_of(run) if gathered.usable else ExitCode.USAGE


def _now() -> datetime:
    return datetime.now(UTC)


def _tell_refusal(refused: RejectedInput) -> None:
    place = f"{refused.path}:{refused.line}" if refused.line else refused.path
    click.echo(f"rootsweep: refused {_printable(place)}: {_printable(refused.reason)}", err=True)


def _tell_scope(gathered: GatheredEvidence) -> None:
    if not gathered.usable:
        click.echo("rootsweep: nothing that was given is evidence; give credential reports or account summaries", err=True)
    if gathered.out_of_scope:
        click.echo(f"rootsweep: left out evidence of {len(gathered.out_of_scope)} account(s) not named by --account", err=True)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
