"""A console that draws for whatever stream the text is meant for."""

from collections.abc import Iterable
from typing import Final, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rootsweep.reports.registry import RenderOptions

_NARROW: Final = 40


def write_lines(text: str, stream: TextIO, options: RenderOptions) -> None:
    """Write each line without the blanks that a console pads it with, in ASCII where the stream takes nothing else."""
    for line in text.splitlines():
        shown = line.rstrip() if options.unicode else line.rstrip().encode("ascii", "backslashreplace").decode("ascii")
        stream.write(f"{shown}\n")


def labelled(rows: Iterable[tuple[str, Text]], *, label_width: int | None = None, gap: int = 1) -> Table:
    """Lay out texts, each folded beside its label."""
    grid = Table.grid(padding=(0, gap))
    grid.add_column(min_width=label_width, style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, text in rows:
        grid.add_row(label, text)
    return grid


def open_console(stream: TextIO, options: RenderOptions) -> Console:
    """Return a console that takes nothing from the environment and reads no markup in names."""
    return Console(
        file=stream,
        width=max(options.width, _NARROW),
        color_system="standard" if options.colour else None,
        no_color=not options.colour,
        force_terminal=options.colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
