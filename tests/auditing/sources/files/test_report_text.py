"""Rows of any delimited text: what is passed over fast must not change what is read; size must not change the memory."""

import csv
import io
import tracemalloc
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rootsweep.auditing.sources.files.content import read_head
from rootsweep.auditing.sources.files.report_text import read_delimited_report, report_delimiter
from rootsweep.core.parsing.credential_report import may_be_root_row, numbered_rows
from rootsweep.errors import InputRefusedError
from tests.auditing.sources.files.saved_files import ACTIVE, HEADER, lines, report, root, user

MIB: Final = 1024 * 1024


class Repeated(io.RawIOBase):
    """A stream of any length: a beginning, a block many times over, an end."""

    def __init__(self, begin: bytes, block: bytes, times: int, end: bytes) -> None:
        self._parts = [end, *[block] * times, begin]
        self._buffer = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than the buffer protocol
        while self._parts and len(self._buffer) < len(target):
            self._buffer += self._parts.pop()
        size = min(len(target), len(self._buffer))
        target[:size] = self._buffer[:size]
        self._buffer = self._buffer[size:]
        return size


@pytest.mark.parametrize("name", ["alice", '"smith,john"', '"two\nlines"'], ids=["plain", "quoted", "in several lines"])
def test_a_large_report_takes_no_more_memory_than_a_small_one(name: str) -> None:
    block = lines([user(name)]).encode() * 1000
    stream = Repeated(lines([HEADER]).encode(), block, 5 * MIB // len(block), lines([root(**ACTIVE)]).encode())
    tracemalloc.start()
    (found,) = read_delimited_report(read_head(io.BufferedReader(stream)), generated_at=None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.report.slots[0].active is True
    assert (found.line or 0) > 25_000
    assert peak < 3 * MIB


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 256 * 1024 + 65_536])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_characters_and_line_ends_may_fall_between_two_reads(size: int, end: str, encoding: str) -> None:
    before = report(end=end)
    filler = user("")
    room = size // (2 if encoding == "utf-16" else 1) - len(before) - len(lines([filler], end=end))
    text = before + lines([user("ü" * (room // 2) + "x" * (room % 2 + offset)) for offset in range(3)] + [root()], end=end)
    (found,) = read_delimited_report(read_head(io.BytesIO(text.encode(encoding))), generated_at=None)
    assert found.line == 5


def by_csv_alone(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered, begin = [], 1
    for row in rows:
        numbered.append((begin, row))
        begin = rows.line_num + 1
    return numbered


def worth_reading(rows: list[tuple[int, list[str]]], delimiter: str) -> list[tuple[int, list[str]]]:
    """Leave out blank rows, and what may be left out: rows as wide as the header that cannot be root's."""
    written = [(line, row) for line, row in rows if any(map(str.strip, row))]
    return written[:1] + [
        (line, row) for line, row in written[1:] if len(row) != len(written[0][1]) or may_be_root_row(delimiter.join(row))
    ]


TEXTS: Final = st.text(st.sampled_from(',;"\n\r<: aroot'), max_size=60)


@settings(max_examples=500)
@given(TEXTS, st.sampled_from([",", ";"]))
@example(";\r:;", ";")
@example("a,b\n<,:root\n\n1,2\nx\n", ",")
def test_rows_are_those_of_the_csv_module(text: str, delimiter: str) -> None:
    stream = io.StringIO(text, newline="")
    try:
        expected = by_csv_alone(text, delimiter)
    except csv.Error:
        with pytest.raises(InputRefusedError):
            list(numbered_rows(iter(stream), delimiter))
    else:
        found = list(numbered_rows(iter(stream), delimiter))
        assert worth_reading(found, delimiter) == worth_reading(expected, delimiter)


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        ("user,arn", ","),
        ("ARN;User;x\r\n", ";"),
        ("user\tarn\r", "\t"),
        ('sep=;\n"user";"arn"\n', ";"),
        ('\n\n"user","arn"', ","),
        ("user,name", None),
        ("user|arn", None),
        ("", None),
        ("x\nuser,arn", None),
    ],
)
def test_the_delimiter_is_told_by_the_header(head: str, delimiter: str | None) -> None:
    assert report_delimiter(head) == delimiter
