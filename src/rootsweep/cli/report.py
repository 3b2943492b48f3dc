"""``rootsweep report``: show a run that was saved, in any format, without asking AWS again."""

from typing import Any

import click

from rootsweep.cli.exit_codes import ExitCode, exit_code_of
from rootsweep.cli.options.reports import CommandWithReports, ReportOutputs, load_run, report_options, take_report_options


@click.command("report", cls=CommandWithReports)
@click.argument("saved_run", metavar="RUN")
@report_options
@click.option("--exit-code", "tells_verdict", is_flag=True, help="Exit with the code of the audit that produced the run.")
@click.pass_context
def command(context: click.Context, /, saved_run: str, *, tells_verdict: bool, **options: Any) -> int:
    """Show a run that `rootsweep audit --format json` saved; - reads it from standard input.

    AWS is not called and nothing is judged again. The exit code says whether the report was written, unless --exit-code is
    given.

    \b
    rootsweep report run.json
    rootsweep report run.json --format html --output report.html
    rootsweep report run.json --format sarif --output run.sarif --format junit --output run.xml
    """  # noqa: D301  click reads the backspace as "keep these lines"
    wanted, presentation = take_report_options(context, options)
    reports = ReportOutputs(wanted, presentation)
    run = load_run(saved_run)
    for finding in run.findings:
        reports.add(finding)
    reports.write(run)
    return exit_code_of(run) if tells_verdict else ExitCode.PROVEN
