"""JSON and YAML documents: answers of AWS in whatever clothes tools and scripts hand them on."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from rootsweep.auditing.sources.files.account_pairing import account_in_document
from rootsweep.auditing.sources.files.not_evidence import refuse_document
from rootsweep.auditing.sources.files.report_text import REPORT_AGAIN, Report, Summary, read_report_text
from rootsweep.core.parsing.account_summary import COLUMN, FIELD, is_account_summary, parse_account_summary
from rootsweep.core.parsing.credential_report import ROOT_USER, RootRow, columns_of, read_root_rows, root_row_of
from rootsweep.core.times import parse_json_timestamp
from rootsweep.errors import InputRefusedError

_EVIDENCE_IS: Final = "give the output of `aws iam get-credential-report` or `aws iam get-account-summary`"
_SEVERAL: Final = "save the answer of each account in a file of its own, with the account id in its name"
_NESTING: Final = re.compile(r"[\[{]|(?:[-?] ){2}|^ {50}", re.MULTILINE)
_MOST_NESTING: Final = 100
_SPACE: Final = re.compile(r"\s*")


def read_json(text: str) -> tuple[Report | Summary, ...]:
    """Read JSON: one answer, a list of them, rows, or one document after the other, as in JSON lines.

    Raises ``InputRefusedError`` for JSON that is broken, too deep, ambiguous or of another kind.
    """
    return _answers(list(_parse(text)))


def read_yaml(text: str) -> tuple[Report | Summary, ...]:
    """Read YAML as the AWS CLI prints it (``--output yaml`` and ``yaml-stream``); every scalar stays text.

    Raises ``InputRefusedError`` for YAML that is broken, too deep, has an alias, an anchor, a tag or a key twice, and as
    ``read_json`` does.
    """
    answers = _answers(list(_parse_yaml(text)))
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if FIELD in line]
    return tuple(replace(one, line=lines[0]) if isinstance(one, Summary) and len(lines) == 1 else one for one in answers)


def _answers(documents: Sequence[object]) -> tuple[Report | Summary, ...]:
    found = [answer for document in documents for answer in _answers_of(document)]
    rows = [one for one in found if not isinstance(one, Report | Summary)]
    answers = [one for one in found if isinstance(one, Report | Summary)]
    if rows:
        answers += _reports(rows)
    if not answers:
        raise InputRefusedError("this is an empty list: it holds no answer of AWS", _EVIDENCE_IS)
    if len(answers) > 1 and any(one.account_id is None for one in answers):
        raise InputRefusedError("this file holds several answers of AWS, and not each names its account", _SEVERAL)
    return tuple(answers)


def _answers_of(document: object) -> Iterator[Report | Summary | dict[str, str]]:
    """Return what a document shows; the rows of a credential report come as their cells."""
    match document:
        case dict():
            yield from _answers_of_object(document)
        case str():
            yield from (Report(row) for row in read_report_text(document, generated_at=None))
        case list() if all(isinstance(one, dict) for one in document):
            for one in document:
                yield from _answers_of_object(one)
        case _:
            raise InputRefusedError("this JSON is not an answer of AWS: it is a list or a bare value", _EVIDENCE_IS)


def _answers_of_object(document: dict[str, Any]) -> Iterator[Report | Summary | dict[str, str]]:
    rows = document.get("rows")
    if "Content" in document:
        yield from _report_answer(document)
    elif is_account_summary(document):
        yield Summary(parse_account_summary(document), account_in_document(document))
    elif COLUMN in document:
        yield Summary(parse_account_summary({FIELD: document[COLUMN]}), account_in_document(document))
    elif isinstance(rows, list) and all(isinstance(row, dict) and "rows" not in row for row in rows):
        for row in rows:
            yield from _answers_of_object(row)
    elif columns_of(tuple(document)).are_a_report:
        yield _cells(document)
    else:
        raise refuse_document(document)


def _report_answer(document: Mapping[str, Any]) -> Iterator[Report]:
    if document.get("ReportFormat", "text/csv") != "text/csv":
        raise InputRefusedError("the ReportFormat of this JSON is not text/csv", REPORT_AGAIN)
    named = account_in_document(document)
    generated_at = parse_json_timestamp(document.get("GeneratedTime"))
    yield from (Report(row, named) for row in _content(document["Content"], generated_at))


def _content(content: Any, generated_at: datetime | None) -> tuple[RootRow, ...]:
    """Read the content of a report: AWS sends it as base64; programs keep the text, its lines, its rows, or its bytes."""
    match content:
        case str():
            return read_report_text(content, generated_at=generated_at)
        case {"type": "Buffer", "data": list() as numbers}:
            return read_report_text(_text_of_bytes(numbers), generated_at=generated_at)
        case [int(), *_]:
            return read_report_text(_text_of_bytes(content), generated_at=generated_at)
        case [str(), *_] if all(isinstance(one, str) for one in content):
            text = "\n".join(one.rstrip("\r\n") for one in content)
            return read_report_text(text, generated_at=generated_at)
        case [list(), *_]:
            return read_root_rows(enumerate(map(_texts, content), start=1), generated_at=generated_at)
        case [dict(), *_]:
            return tuple(report.row for report in _reports([_cells(row) for row in content], generated_at))
        case _:
            raise InputRefusedError("the Content of this JSON is neither text nor rows", REPORT_AGAIN)


def _text_of_bytes(numbers: list[Any]) -> str:
    try:
        return bytes(numbers).decode()
    except (TypeError, ValueError) as error:
        raise InputRefusedError("the Content of this JSON is a list that holds no text", REPORT_AGAIN) from error


def _reports(rows: Sequence[Mapping[str, str]], generated_at: datetime | None = None) -> list[Report]:
    found = [
        Report(row, account_in_document(cells) if row.account_id is None else None)
        for cells in rows
        if (row := root_row_of(cells, generated_at=generated_at, line=None)) is not None
    ]
    if not found:
        raise InputRefusedError(f"no {ROOT_USER} row in this credential report", REPORT_AGAIN)
    return found


def _cells(row: object) -> dict[str, str]:
    """Return a row's texts by lower-case column name; raises ``InputRefusedError`` where a name comes twice."""
    if not isinstance(row, dict):
        raise InputRefusedError("a row of this report is no object", REPORT_AGAIN)
    columns = columns_of(tuple(map(str, row)))
    if columns.duplicate is not None:
        raise InputRefusedError(f"a row of this report names the column {columns.duplicate} twice", REPORT_AGAIN)
    texts = _texts(list(row.values()))
    return {name: texts[position].strip() for name, position in columns.positions.items()}


def _texts(row: object) -> list[str]:
    if not isinstance(row, list):
        raise InputRefusedError("a row of this report is no list", REPORT_AGAIN)
    return [_text(value) for value in row]


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return ""
        case str() | int() | float():
            return str(value)
        case _:
            raise InputRefusedError("a cell of this report is neither text nor a number", REPORT_AGAIN)


def _parse(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder(object_pairs_hook=_without_duplicates)
    place = _end_of_space(text, 0)
    try:
        while place < len(text):
            document, end = decoder.raw_decode(text, place)
            yield document
            place = _end_of_space(text, end)
    except json.JSONDecodeError as error:
        raise InputRefusedError(
            "this is not valid JSON: it is cut off or was edited", "save the output again", error.lineno
        ) from error
    except ValueError as error:
        raise InputRefusedError("this JSON holds a number too long to read", _EVIDENCE_IS) from error
    except RecursionError as error:
        raise InputRefusedError("this JSON is nested too deeply to be an answer of AWS", _EVIDENCE_IS) from error


def _end_of_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return place if match is None else match.end()


def _without_duplicates(pairs: Sequence[tuple[str, object]], kind: str = "JSON") -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise InputRefusedError(f"this {kind} names a key twice, so that it is ambiguous", "save the output again")
    return document


def _parse_yaml(text: str) -> Iterator[object]:
    # No other evidence waits for the import.
    import yaml  # noqa: PLC0415

    if sum(1 for _ in itertools.islice(_NESTING.finditer(text), _MOST_NESTING + 1)) > _MOST_NESTING:
        # The parser takes a time that grows with the square of the depth.
        raise InputRefusedError("this YAML is nested too deeply to be an answer of AWS", _EVIDENCE_IS)
    # The one in C is what PyYAML's wheels have; it takes a twentieth of the time.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
                raise InputRefusedError("this YAML has an anchor, an alias or a tag, which AWS never writes", _EVIDENCE_IS)
        yield from map(_plain, yaml.compose_all(text, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise InputRefusedError("this is not valid YAML: it is cut off or was edited", "save the output again", line) from error


def _plain(node: Any) -> object:
    match node.id:
        case "scalar":
            return str(node.value)
        case "sequence":
            return [_plain(one) for one in node.value]
        case _:
            return _without_duplicates([(str(_plain(key)), _plain(value)) for key, value in node.value], "YAML")


# --output table of the AWS CLI: a member and its value in each row of the frame.

_TABLE_ROW: Final = re.compile(r"\|+\s*(Content|GeneratedTime|ReportFormat)\s*\|\s*(\S+)\s*\|+")


def read_report_table(text: str) -> tuple[Report, ...] | None:
    """Read a credential report as ``--output table`` draws it; None where the text is no such table.

    Raises ``InputRefusedError`` when a member comes twice, and for a content that is no report.
    """
    pairs = [(match[1], match[2]) for line in text.splitlines() if (match := _TABLE_ROW.fullmatch(line.strip())) is not None]
    if not any(name == "Content" for name, _ in pairs):
        return None
    return tuple(_report_answer(_without_duplicates(pairs, "table")))
