"""The bytes and the text of one file, in bounded memory."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from rootsweep.errors import InputRefusedError

HEAD_BYTES: Final = 64 * 1024
WHOLE_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """The first bytes (``head``, up to 64 KiB) and the stream that goes on after them; ``is_complete`` when nothing does."""

    head: bytes
    stream: BinaryIO
    is_complete: bool


def read_head(stream: BinaryIO) -> Content:
    """Read the first bytes of a stream; a pipe may give them in several parts. Raises ``OSError``."""
    head = _read_fully(stream, HEAD_BYTES)
    return Content(head, stream, is_complete=len(head) < HEAD_BYTES)


def read_whole(content: Content) -> bytes:
    """Read everything; raises ``InputRefusedError`` beyond 64 MiB, ``OSError`` when reading fails."""
    if content.is_complete:
        return content.head
    whole = content.head + _read_fully(content.stream, WHOLE_BYTES + 1 - len(content.head))
    if len(whole) > WHOLE_BYTES:
        raise InputRefusedError(
            "this file is larger than 64 MiB, too large for anything but a CSV report",
            "save the report as CSV, which has no limit",
        )
    return whole


def _read_fully(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) in {0, size}:
        return data
    parts = [data]
    missing = size - len(data)
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


# Bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one; lines of bounded length from files of any size.
CHUNK_BYTES: Final = 256 * 1024
LINE_CHARACTERS: Final = 1024 * 1024

_SAVE_AS_UTF_8: Final = "save the file as UTF-8"
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def head_text(content: Content) -> str:
    """Decode the first bytes to recognise them by; what cannot be decoded becomes U+FFFD."""
    encoding, mark = _encoding(content.head)
    return content.head[mark:].decode(encoding, "replace")


def whole_text(content: Content) -> str:
    """Decode a whole file; raises ``InputRefusedError`` with the line of the first byte that is not text."""
    whole = read_whole(content)
    encoding, mark = _encoding(whole)
    try:
        text = whole[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        good = whole[mark : mark + error.start].decode(encoding)
        raise _undecodable(encoding, good.count("\n") + 1) from error
    if "\0" in text:
        raise _nul(text.count("\n", 0, text.index("\0")) + 1)
    return text


def lines_of(content: Content) -> Iterator[str]:
    r"""Split a file into lines that keep their ends (``\n``, ``\r\n`` or ``\r``), a chunk of the file in memory at a time.

    Raises ``InputRefusedError`` after the last good line: the line is the next one, which the caller counts.
    """
    carry = ""
    for chunk in _chunks(content):
        text = carry + chunk
        cut = text.rfind("\n") + 1
        if not cut:
            # A final "\r" may be the first half of "\r\n": it waits for the next chunk.
            cut = text.rfind("\r", 0, len(text) - 1) + 1
        yield from io.StringIO(text[:cut], newline="")
        carry = text[cut:]
        if len(carry) > LINE_CHARACTERS:
            raise InputRefusedError("this line is longer than 1 MiB", "give the file as AWS wrote it")
    if carry:
        yield from io.StringIO(carry, newline="")


def _chunks(content: Content) -> Iterator[str]:
    encoding, mark = _encoding(content.head)
    decoder = codecs.getincrementaldecoder(encoding)()
    data, is_last = content.head[mark:], content.is_complete
    while True:
        try:
            text = decoder.decode(data, is_last)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding)
            raise _undecodable(encoding, None) from error
        if "\0" in text:
            yield text[: text.index("\0")]
            raise _nul(None)
        yield text
        if is_last:
            return
        data = content.stream.read(CHUNK_BYTES)
        is_last = not data


def _encoding(head: bytes) -> tuple[str, int]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


def _undecodable(encoding: str, line: int | None) -> InputRefusedError:
    name = "UTF-8" if encoding == "utf-8" else "UTF-16"
    return InputRefusedError(f"this line holds bytes that are not {name}", _SAVE_AS_UTF_8, line)


def _nul(line: int | None) -> InputRefusedError:
    return InputRefusedError(
        "this line holds NUL bytes: it is not text, or UTF-16 without a byte order mark", _SAVE_AS_UTF_8, line
    )


# What was copied from a terminal: prompts and commands stand before and after the output.

_MOST_LINES: Final = 20
"""How many lines before the output may be prompts and commands."""

_MOST_HELD: Final = 1000
_LONGEST: Final = 300

# [user@host ~]$ and user@host:~$, ~ $ of AWS CloudShell, PS C:\> and C:\>, host% of zsh, arrows of themes.
_PROMPT: Final = re.compile(
    r"(?:\([\w.-]+\)\s*)?"
    r"(?:\[[^\[\]<>{}\"|]{1,80}\]|PS [^<>{}\"|]{0,120}|[A-Za-z]:\\[^<>{}\"|]{0,120}|[\w.@:~/\\+ -]{0,120})"
    r"\s?[$#%>\u276f\u279c\u03bb](?:\s+[^\s{\"|].*)?"
)
_COMMAND: Final = re.compile(r"(?:\$\s*)?aws\s+(?:--\S+\s+\S+\s+)*iam\s+(?:get|generate)-[a-z-]+\b.*")


def is_prompt(line: str) -> bool:
    """Return whether a line is a shell's prompt, alone or with what was typed, or the AWS CLI's command itself.

    A line that shows an ARN, or the root user's name, is none, whatever it looks like.
    """
    text = line.strip()
    if not text or len(text) > _LONGEST or "arn:" in text or "<root" in text:
        return False
    return _PROMPT.fullmatch(text) is not None or _COMMAND.fullmatch(text) is not None


def without_prompts(lines: Iterable[str]) -> Iterator[str]:
    """Return the lines, with a blank line in the place of each prompt before the first and after the last of the others.

    A prompt among others stays what it is, for the reader to refuse.
    """
    held: list[str] = []
    has_begun = False
    for number, line in enumerate(lines):
        if (held and not line.strip()) or ((has_begun or number < _MOST_LINES) and len(held) < _MOST_HELD and is_prompt(line)):
            held.append(line)
        else:
            yield from held if has_begun else ["\n"] * len(held)
            held.clear()
            has_begun = has_begun or bool(line.strip())
            yield line
    yield from ["\n"] * len(held)
