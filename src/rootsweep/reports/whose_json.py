"""``rootsweep whose --format json``: the public contract ``rootsweep.whose/1``."""

import json
from typing import Literal, TextIO

import msgspec

from rootsweep.model.evidence import LastUse, LastUsed
from rootsweep.model.key_answer import KeyAnswer, KeyAnswers, KeySource, RootKey
from rootsweep.reports import contract, whose_contract
from rootsweep.reports.registry import RenderOptions


def write_answers(answers: KeyAnswers, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the contract, indented by two, in ASCII: no name can act on a terminal, and every encoding can carry it."""
    counts = answers.counts()
    document = whose_contract.Whose(
        schema=whose_contract.SCHEMA,
        tool=contract.Tool("rootsweep", answers.tool_version),
        finished_at=answers.finished_at,
        counts=whose_contract.CountsEntry(counts[RootKey.YES], counts[RootKey.NO], counts[RootKey.UNKNOWN]),
        keys=[_entry(one) for one in answers.answers],
    )
    json.dump(msgspec.to_builtins(document), stream, indent=2)
    stream.write("\n")


def _entry(one: KeyAnswer) -> whose_contract.AnswerEntry:
    row = one.key
    return whose_contract.AnswerEntry(
        access_key_id=one.asked.id,
        kind=one.asked.kind.value,
        account_id=one.account_id,
        account_name=one.account_name,
        root_key=one.root_key.value,
        status=row.status.value if row else None,
        created_at=row.created_at if row else None,
        last_used=_last_used(row.last_use) if row else None,
        last_used_status=_last_used_status(row.last_use) if row else None,
        source=None if one.source is None else _source(one.source),
        as_of=one.as_of,
        message=one.message,
        advice=one.advice,
    )


def _last_used(last_use: LastUse) -> contract.LastUsedEntry | None:
    if isinstance(last_use, LastUsed):
        return contract.LastUsedEntry(last_use.at, last_use.region, last_use.service)
    return None


def _last_used_status(last_use: LastUse) -> Literal["recorded", "never_recorded", "unknown"]:
    return "recorded" if isinstance(last_use, LastUsed) else last_use.value


def _source(source: KeySource) -> whose_contract.SourceEntry:
    kind: Literal["run", "aws"] = "aws" if source.path is None else "run"
    return whose_contract.SourceEntry(kind, source.path, None if source.access is None else source.access.value)
