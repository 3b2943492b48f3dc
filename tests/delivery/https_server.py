"""A server of HTTPS on this machine, which answers as it is told and keeps what it gets."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """No answer for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """The connection is reset."""


@dataclass(frozen=True)
class Garbage:
    """Bytes that are no HTTP."""


@dataclass(frozen=True)
class Drip:
    """An answer that comes byte by byte, with a pause of so many seconds before each; ``whole`` bytes of it come at once."""

    pause: float
    whole: int = 0


Behaviour = Reply | Silence | Reset | Garbage | Drip


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Receiver:
    """What a test tells a server, and learns from it. The last behaviour stays."""

    port: int
    behaviours: list[Behaviour]
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/services/T000/B000/s3cr3t-path?token=s3cr3t-query"

    @property
    def place(self) -> str:
        return f"https://localhost:{self.port}"

    def next_behaviour(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


@contextmanager
def receiver(authority: trustme.CA, *behaviours: Behaviour, host: str = "localhost") -> Iterator[Receiver]:
    """Serve on a free port, with a certificate of the authority for the host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    its_receiver = Receiver(server.server_address[1], list(behaviours or (Reply(),)))
    server.receiver = its_receiver  # type: ignore[attr-defined]  # the handler's way to it
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield its_receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        server: Any = self.server
        its_receiver: Receiver = server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        its_receiver.received.append(Received(self.path, dict(self.headers.items()), body, time.monotonic()))
        match its_receiver.next_behaviour():
            case Reply() as reply:
                self._answer(reply)
            case Silence(seconds):
                time.sleep(seconds)
                self.close_connection = True
            case Reset():
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
            case Drip() as drip:
                self._drip(drip)
            case Garbage():
                self.wfile.write(b"\x00\xff these are no headers\r\n\r\n")
                self.close_connection = True

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _drip(self, drip: Drip) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000
        self.close_connection = True
        try:
            self.wfile.write(answer[: drip.whole])
            for number in range(drip.whole, len(answer)):
                time.sleep(drip.pause)
                self.wfile.write(answer[number : number + 1])
        except OSError:  # the client has hung up
            return

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # a client that does not trust the certificate hangs up
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        pass
