"""A journal for programs: the contract ``rootsweep.journal/1``. Keys may be added, never removed."""

import json
from typing import Any, Final, TextIO

import msgspec

from rootsweep.core.removal.journal import Entry, Inspection, kind_of
from rootsweep.reports.registry import RenderOptions

SCHEMA: Final = "rootsweep.journal/1"


def write_journal(inspection: Inspection, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the entries, each with its hash, and what their verification gave; in ASCII, so that no name can act on a terminal.

    Times are RFC 3339 in UTC; what is absent is null, never left out. ``unfinished`` are the sequence numbers of intents.
    """
    document = {
        "schema": SCHEMA,
        "entries": [_entry(entry) for entry in inspection.entries],
        "unfinished": [entry.sequence for entry in inspection.unfinished],
        "verification": _values(inspection.verification),
        "expected_head": _values(inspection.expected_head),
    }
    stream.write(json.dumps(document, indent=2) + "\n")


def _entry(entry: Entry) -> dict[str, Any]:
    values = _values(entry)
    payload = values.pop("payload")
    return {**values, "kind": kind_of(entry.payload).value, **payload}


def _values(value: object) -> Any:
    """Return a frozen value as what JSON knows, by the names of its fields."""
    return msgspec.to_builtins(value)
