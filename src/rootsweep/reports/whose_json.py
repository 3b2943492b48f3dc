"""``rootsweep whose --format json``: the public contract ``rootsweep.whose/1``."""

from typing import Literal, TextIO

from rootsweep.model.key_answer import KeyAnswer, KeyAnswers, KeySource, RootKey
from rootsweep.reports import contract, whose_contract
from rootsweep.reports.formats.json_contract import last_used_entry, last_used_status
from rootsweep.reports.json_text import indented
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
    stream.write(f"{indented(document)}\n")


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
        last_used=last_used_entry(row.last_use) if row else None,
        last_used_status=last_used_status(row.last_use) if row else None,
        source=None if one.source is None else _source(one.source),
        as_of=one.as_of,
        message=one.message,
        advice=one.advice,
    )


def _source(source: KeySource) -> whose_contract.SourceEntry:
    kind: Literal["run", "aws"] = "aws" if source.path is None else "run"
    return whose_contract.SourceEntry(kind, source.path, None if source.access is None else source.access.value)
