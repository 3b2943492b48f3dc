"""The public JSON contract ``rootsweep.whose/1``, as structs of its own.

Keys may be added, never removed. Times are RFC 3339 in UTC; what is absent is null, never left out.
"""

from typing import Final, Literal

import msgspec

from rootsweep.reports.contract import LastUsedEntry, Status, Time, Tool

SCHEMA: Final = "rootsweep.whose/1"


class CountsEntry(msgspec.Struct, frozen=True):
    """How many of the ids are a root key, are none, or are neither as far as is known."""

    yes: int
    no: int
    unknown: int


class SourceEntry(msgspec.Struct, frozen=True):
    """Where an answer comes from: a saved run, by its path, or AWS; ``access`` is how AWS was reached."""

    kind: Literal["run", "aws"]
    path: str | None
    access: Literal["own", "role", "root-session", "root", "files"] | None


class AnswerEntry(msgspec.Struct, frozen=True):
    """What is known of one access key id; ``as_of`` is the time by which it is known."""

    access_key_id: str
    kind: Literal["long-term", "temporary"]
    account_id: str | None
    account_name: str | None
    root_key: Literal["yes", "no", "unknown"]
    status: Status | None
    created_at: Time | None
    last_used: LastUsedEntry | None
    last_used_status: Literal["recorded", "never_recorded", "unknown"] | None
    source: SourceEntry | None
    as_of: Time | None
    message: str
    advice: str | None


class Whose(msgspec.Struct, frozen=True):
    """The answers of one call, in the order in which the ids were met."""

    schema: Literal["rootsweep.whose/1"]
    tool: Tool
    finished_at: Time
    counts: CountsEntry
    keys: list[AnswerEntry]


def json_schema() -> dict[str, object]:
    """Give the JSON Schema (2020-12) of the answers, as the package ships it in ``rootsweep.whose-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(Whose),
    }
