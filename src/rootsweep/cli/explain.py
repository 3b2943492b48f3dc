"""``rootsweep explain``: the control in our own words."""

import click

from rootsweep.cli.output import write_result
from rootsweep.reports.terminal.control import write_explanation, write_explanation_json


@click.command("explain")
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(*, format_name: str) -> None:
    """Explain the control: why, how it is audited, how it is met, and its number in every framework version."""
    write_result(write_explanation if format_name == "text" else write_explanation_json, None)
