"""HTTP as bytes on a socket."""

import socket
import time
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest

from rootsweep_emulator import Emulator, Latency, Rule
from tests.emulator.signed_requests import signed_headers

BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture
def connected(demo: Emulator) -> Iterator[socket.socket]:
    parts = urlsplit(demo.endpoint)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        yield connection


def request(demo: Emulator) -> bytes:
    headers = signed_headers(demo.endpoint, "sts", demo.credentials("clean"), BODY)
    lines = [f"Host: {urlsplit(demo.endpoint).netloc}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(["POST / HTTP/1.1", *lines, f"Content-Length: {len(BODY)}", "", ""]).encode() + BODY


def read_answers(connection: socket.socket, count: int) -> bytes:
    received = b""
    while received.count(b"</GetCallerIdentityResponse>") < count:
        data = connection.recv(65536)
        assert data, received
        received += data
    return received


def test_a_connection_is_kept(demo: Emulator, connected: socket.socket) -> None:
    for _ in range(3):
        connected.sendall(request(demo))
        assert read_answers(connected, 1).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_request_may_come_in_pieces(demo: Emulator, connected: socket.socket) -> None:
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in request(demo):
        connected.sendall(bytes([byte]))
    assert read_answers(connected, 1).startswith(b"HTTP/1.1 200 OK\r\n")


def test_requests_may_come_at_once(demo: Emulator, connected: socket.socket) -> None:
    connected.sendall(request(demo) * 3)
    assert read_answers(connected, 3).count(b"HTTP/1.1 200 OK\r\n") == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", b"400 Bad Request"),
        (b"POST / HTTP/2\r\n\r\n", b"400 Bad Request"),
        (b"POST / HTTP/1.1\r\nno colon\r\n\r\n", b"400 Bad Request"),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400 Bad Request"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400 Bad Request"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", f"413 {HTTPStatus(413).phrase}".encode()),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"501 Not Implemented"),
        (b"x" * 70_000, b"431 Request Header Fields Too Large"),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(connected: socket.socket, sent: bytes, status: bytes) -> None:
    connected.sendall(sent)
    received = b""
    while data := connected.recv(65536):
        received += data
    assert received.startswith(b"HTTP/1.1 " + status)


def test_a_connection_is_closed_when_asked(demo: Emulator, connected: socket.socket) -> None:
    connected.sendall(request(demo).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    received = b""
    while data := connected.recv(65536):
        received += data
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")


def test_hundreds_of_slow_answers_are_in_flight_at_once(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Latency(0.3)))
    parts = urlsplit(demo.endpoint)
    sent = request(demo)
    connections = [socket.create_connection((parts.hostname, parts.port), timeout=10) for _ in range(300)]
    started = time.perf_counter()
    for connection in connections:
        connection.sendall(sent)
    for connection in connections:
        assert read_answers(connection, 1)
        connection.close()
    assert 0.3 <= time.perf_counter() - started < 3


def test_a_client_that_hangs_up_harms_nobody(demo: Emulator) -> None:
    parts = urlsplit(demo.endpoint)
    for length in (5, len(request(demo)) - 1):
        with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
            connection.sendall(request(demo)[:length])
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(request(demo))
        assert read_answers(connection, 1)
