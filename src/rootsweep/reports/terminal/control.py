"""The control explained, for ``rootsweep explain``."""

from io import StringIO
from typing import TextIO

import msgspec
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.core.controls import ROOT_ACCESS_KEY
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.console import open_console, write_lines


def write_explanation(stream: TextIO, options: RenderOptions) -> None:
    """Write the control's text and its number in every framework version."""
    lines = StringIO()
    console = open_console(lines, options)
    control = ROOT_ACCESS_KEY
    console.print(Text(f"{control.id}: {control.title}", style="bold"))
    console.print(f"CIS profile level {control.level}, automated\n")
    sections = {
        "Rationale": [control.rationale],
        "Audit": [control.audit_by_report, control.audit_by_command, control.audit_by_rootsweep, control.inactive_keys],
        "Remediation": [control.remediation, control.remediation_by_rootsweep, control.govcloud],
    }
    for heading, paragraphs in sections.items():
        console.print(heading, style="bold")
        for paragraph in paragraphs:
            console.print(Padding(Text(paragraph), (0, 0, 1, 2)))
    console.print("References", style="bold")
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=30)
    table.add_column(ratio=1)
    for one in control.references:
        level = "" if one.level is None else f", level {one.level}"
        number = Text(f"{one.requirement}{level}", style="bold")
        table.add_row(Text(f"{one.framework} {one.version}"), number.append(f" [{one.source}]", style="not bold dim"))
    console.print(Padding(table, (0, 0, 0, 2)))
    write_lines(lines.getvalue(), stream, options)


def write_explanation_json(stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the control as JSON: every text, and every reference with its source."""
    stream.write(msgspec.json.format(msgspec.json.encode(ROOT_ACCESS_KEY), indent=2).decode("utf-8") + "\n")
