"""What a format makes of a run, and golden files of it."""

from io import StringIO

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from rootsweep.core.run import Run
from rootsweep.reports.registry import RenderOptions, render

OPTIONS = [
    RenderOptions(width=80, colour=False, unicode=True),
    RenderOptions(width=160, colour=False, unicode=True),
    RenderOptions(width=80, colour=True, unicode=True),
]


class TextFile(SingleFileSnapshotExtension):
    """One readable golden file an output."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


def shown(name: str, run: Run, options: RenderOptions = OPTIONS[0]) -> str:
    stream = StringIO()
    render(name, run, stream, options)
    return stream.getvalue()
