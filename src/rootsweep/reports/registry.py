"""The formats, one line each; a format's module is imported only when it is asked for."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol, TextIO

from rootsweep.model.run import Run


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a stream wants its text: ``width`` in columns, whether ``colour`` and characters beyond ASCII are welcome."""

    width: int
    colour: bool
    unicode: bool


class Format(Protocol):
    """What the module of a format holds."""

    def write_run(self, run: Run, stream: TextIO, options: RenderOptions) -> None:
        """Write a whole run."""


FORMATS: Final = {
    "json": "rootsweep.reports.json_contract",
    "table": "rootsweep.reports.table",
}


def render(name: str, run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write ``run`` in the format ``name``, a key of ``FORMATS``; raises OSError as the stream does."""
    chosen: Format = import_module(FORMATS[name])
    chosen.write_run(run, stream, options)
