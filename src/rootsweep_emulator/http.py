"""HTTP/1.1 on asyncio: what AWS's SDKs send, no more (RFC 9112); a request and its reply apart from any socket."""

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was read. Header names are lower case; ``query`` is what follows the question mark, undecoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does about a request.

    Attributes:
        delay: seconds to wait before anything is sent.
        reset: the connection is reset instead of answered.
        head_length: the length that is reported while the body is left out (RFC 9110, section 9.3.2); None where it is sent.
        declared_length: the length that is announced for a body that breaks off; None where it is sent whole.
    """

    status: int
    headers: bytes
    body: bytes
    delay: float = 0.0
    reset: bool = False
    head_length: int | None = None
    declared_length: int | None = None


_MAX_HEAD: Final = 64 * 1024
_MAX_BODY: Final = 1024 * 1024
_RESET: Final = struct.pack("ii", 1, 0)
_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


class BadRequest(Exception):  # noqa: N818  named as HTTP names it
    """Bytes that are no request; ``status`` is the HTTP status to answer with."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Connection(asyncio.Protocol):
    """One connection: requests one after the other, answered in order, kept alive until the client closes."""

    def __init__(self, answer: Callable[[Request], Reply], connections: "set[Connection]") -> None:
        self._answer = answer
        self._connections = connections
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._has_let_come = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (called by asyncio)."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        """Forget what was to be sent (called by asyncio)."""
        self._connections.discard(self)
        self._transport = None
        if self._waiting is not None:
            self._waiting.cancel()

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete (called by asyncio)."""
        self._buffer += data
        self._answer_all()

    def _answer_all(self) -> None:
        while self._transport is not None and self._waiting is None:
            try:
                taken = take_request(self._buffer)
            except BadRequest as error:
                self._transport.write(_STATUS_LINES[error.status] + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
                self._transport.close()
                return
            if taken is None:
                self._let_the_body_come()
                return
            request, length = taken
            del self._buffer[:length]
            self._has_let_come = False
            reply = self._answer(request)
            last = request.headers.get("connection") == "close"
            if reply.delay:
                self._waiting = asyncio.get_running_loop().call_later(reply.delay, self._send_late, reply, last)
            else:
                self._send(reply, last=last)

    def _let_the_body_come(self) -> None:
        """Answer a client that sends a body only when it is reported to (RFC 9110, section 10.1.1)."""
        head, end, _ = self._buffer.partition(b"\r\n\r\n")
        if self._transport is not None and end and not self._has_let_come and b"100-continue" in head.lower():
            self._has_let_come = True
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _send_late(self, reply: Reply, last: bool) -> None:  # noqa: FBT001  call_later passes arguments by position
        self._waiting = None
        self._send(reply, last=last)
        self._answer_all()

    def _send(self, reply: Reply, *, last: bool) -> None:
        if self._transport is None:
            return
        if reply.reset:
            connected: socket.socket = self._transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()
            return
        told = reply.declared_length if reply.head_length is None else reply.head_length
        length = b"Content-Length: %d\r\n\r\n" % (len(reply.body) if told is None else told)
        body = reply.body if reply.head_length is None else b""
        self._transport.write(b"".join((_STATUS_LINES[reply.status], reply.headers, length, body)))
        if last or reply.declared_length is not None:
            self._transport.close()
            self._transport = None


def take_request(buffer: bytearray) -> tuple[Request, int] | None:
    """Read the first request of a buffer and its length in bytes; None while it is incomplete.

    Raises:
        BadRequest: it is malformed, too large, or of a transfer coding that no SDK uses here.
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > _MAX_HEAD:
            raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        return None
    method, target, headers = _head(buffer[:end].decode("latin-1"))
    if "transfer-encoding" in headers:
        raise BadRequest(HTTPStatus.NOT_IMPLEMENTED)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    total = end + 4 + int(length)
    if int(length) > _MAX_BODY:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if len(buffer) < total:
        return None
    path, _, query = target.partition("?")
    return Request(method, path, query, headers, bytes(buffer[end + 4 : total])), total


def _head(text: str) -> tuple[str, str, dict[str, str]]:
    first, *lines = text.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:  # noqa: PLR2004  method, target, version
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        headers[name.lower()] = value.strip()
    return words[0], words[1], headers
