"""The bytes of one file: the first of them at hand, the others still to be read."""

from dataclasses import dataclass
from typing import BinaryIO, Final

from rootsweep.errors import InputRefusedError

HEAD_BYTES: Final = 64 * 1024
WHOLE_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """The first bytes (``head``, up to 64 KiB) and the stream that goes on after them; ``is_whole`` when nothing does."""

    head: bytes
    stream: BinaryIO
    is_whole: bool


def read_head(stream: BinaryIO) -> Content:
    """Read the first bytes of a stream; a pipe may give them in several parts. Raises ``OSError``."""
    head = _read_fully(stream, HEAD_BYTES)
    return Content(head, stream, is_whole=len(head) < HEAD_BYTES)


def read_whole(content: Content) -> bytes:
    """Read everything; raises ``InputRefusedError`` beyond 64 MiB, ``OSError`` when reading fails."""
    if content.is_whole:
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
