"""``--format jsonl``: one JSON object a line, each account's as soon as it is judged.

A line has a ``type``: ``account``, with the keys of an account in the contract ``rootsweep.audit/1``, or ``run``, with the keys
of the contract's other part. The line of the run is the last: where it is missing, the report was broken off.
"""

from typing import TextIO

import msgspec

from rootsweep.core.finding import Finding
from rootsweep.core.run import Run
from rootsweep.reports.contracts.audit_v1 import in_ascii
from rootsweep.reports.contracts.audit_v1_write import account_of, audit_of
from rootsweep.reports.registry import RenderOptions


class JsonLines:
    """Lines that are handed on one by one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, finding: Finding) -> None:
        """Write the line of an account."""
        self._write("account", account_of(finding))

    def end(self, run: Run) -> None:
        """Write the line of the run."""
        entry = msgspec.structs.asdict(audit_of(run, ()))
        del entry["accounts"]
        self._write("run", entry)

    def _write(self, kind: str, entry: object) -> None:
        """Write an object with its kind as the first key."""
        text = in_ascii(msgspec.json.encode(entry))
        self._stream.write(f'{{"type":"{kind}",{text.removeprefix("{")}\n')
        self._stream.flush()


def open_stream(stream: TextIO, options: RenderOptions) -> JsonLines:  # noqa: ARG001  lines have one look
    """Begin a report."""
    return JsonLines(stream)


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the lines of a run."""
    lines = open_stream(stream, options)
    for finding in run.findings:
        lines.add(finding)
    lines.end(run)
