"""The public JSON contract ``rootsweep.whose/1``, as structs of its own.

Keys may be added, never removed. Times are RFC 3339 in UTC; what is absent is null, never left out.
"""

from typing import Final, Literal, TextIO

import msgspec

from rootsweep.core.key_answer import KeyAnswer, KeyAnswers, KeySource, RootKey
from rootsweep.reports.contracts import audit_v1
from rootsweep.reports.contracts.audit_v1 import LastUsedEntry, Status, Time, Tool, indented
from rootsweep.reports.contracts.audit_v1_write import last_used_entry, last_used_status
from rootsweep.reports.registry import RenderOptions

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
    """Return the JSON Schema (2020-12) of the answers, as the package ships it in ``rootsweep.whose-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(Whose),
    }


# ``rootsweep whose --format json``: the public contract ``rootsweep.whose/1``.


def write_answers(answers: KeyAnswers, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the contract, indented by two, in ASCII: no name can act on a terminal, and every encoding can carry it."""
    counts = answers.counts()
    document = Whose(
        schema=SCHEMA,
        tool=audit_v1.Tool("rootsweep", answers.tool_version),
        finished_at=answers.finished_at,
        counts=CountsEntry(counts[RootKey.YES], counts[RootKey.NO], counts[RootKey.UNKNOWN]),
        keys=[_entry(one) for one in answers.answers],
    )
    stream.write(f"{indented(document)}\n")


def _entry(one: KeyAnswer) -> AnswerEntry:
    row = one.key
    return AnswerEntry(
        access_key_id=one.asked.id,
        kind=one.asked.kind.value,
        account_id=one.account_id,
        account_name=one.account_name,
        root_key=one.root_key.value,
        status=row.status.value if row else None,
        created_at=row.created_at if row else None,
        last_used=last_used_entry(row.last_use) if row else None,
        last_used_status=last_used_status(row.last_use) if row else None,
        source=None if one.source is None else _source(one.source),
        as_of=one.as_of,
        message=one.message,
        advice=one.advice,
    )


def _source(source: KeySource) -> SourceEntry:
    kind: Literal["run", "aws"] = "aws" if source.path is None else "run"
    return SourceEntry(kind, source.path, None if source.access is None else source.access.value)
