"""``rootsweep journal``: what the journal of a removal holds, and whether anyone has changed it."""

import re
from functools import partial
from pathlib import Path
from typing import Final

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.output import write_result
from rootsweep.core.removal.journal import Inspection
from rootsweep.reports.contracts import journal_v1
from rootsweep.reports.terminal import journal
from rootsweep.storage.journal import inspect_journal

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Hash(click.ParamType[str]):
    """A SHA-256 hash in hexadecimal."""

    name = "hash"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Turn the text into 64 hexadecimal digits in lower case."""
        text = str(value).strip().lower()
        if _HASH.fullmatch(text) is None:
            self.fail(f"{value!r} is not a hash; give the 64 digits that were shown as the head", param, ctx)
        return text


@click.command("journal")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--expect-head", type=Hash(), metavar="HASH", help="Hash of an earlier journal head that must still be present.")
def command(*, path: Path, format_name: str, expect_head: str | None) -> int:
    """Show the journal of a removal, what has no outcome in it, and whether anyone has changed it.

    \b
    rootsweep journal removal.jsonl
    rootsweep journal removal.jsonl --format json
    """  # noqa: D301  click reads the backspace as "keep these lines"
    inspection = inspect_journal(path, expect_head)
    write = journal_v1.write_journal if format_name == "json" else journal.write_journal
    write_result(partial(write, inspection), None)
    return _exit_code_of(inspection)


def _exit_code_of(inspection: Inspection) -> ExitCode:
    """Return the exit code: a journal that proves nothing outranks a removal that it shows to be incomplete."""
    verification, expected = inspection.verification, inspection.expected_head
    if not verification.intact or (expected is not None and expected.line is None):
        return ExitCode.NOT_PROVEN
    if inspection.unfinished:
        return ExitCode.REMEDIATION_INCOMPLETE
    return ExitCode.NOT_PROVEN if verification.torn_bytes or not inspection.entries else ExitCode.PROVEN
