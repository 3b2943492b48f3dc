"""How many requests a second the emulator answers on one core, and how much memory it takes with 10,000 accounts.

The emulator runs in a process of its own, pinned to one core where that can be done; requests signed beforehand are sent over
kept-alive connections from this one. Each round trip is a whole request: HTTP, signature, validation, operation, answer.
"""

import json
import multiprocessing
import os
import resource
import selectors
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

ACCOUNTS = 10_000
CONNECTIONS = 16
SECONDS = 3.0
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def resident_kib() -> int:
    """Give the resident memory of this process; its peak where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(next(line for line in status.read_text().splitlines() if line.startswith("VmRSS")).split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def emulate(pipe: Connection) -> None:
    """Serve an organization without trouble, and say how much memory it took when asked."""
    bare = resident_kib()
    from rootsweep.emulator import Emulator, Shares, generate  # noqa: PLC0415  the memory before them is measured

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    loaded = resident_kib()
    emulator = Emulator(generate(ACCOUNTS, shares=Shares()))
    pipe.send((emulator.start(), emulator.credentials("management")[:2]))
    while pipe.recv():
        pipe.send((bare, loaded, resident_kib(), time.process_time()))


def signed(endpoint: str, service: str, keys: tuple[str, str], headers: dict[str, str], body: str) -> bytes:
    """Make the bytes of a signed request."""
    from botocore.auth import SigV4Auth  # noqa: PLC0415  kept out of the process whose memory is measured
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415  the same
    from botocore.credentials import Credentials  # noqa: PLC0415  the same

    request = AWSRequest("POST", f"{endpoint}/", headers=headers, data=body.encode())
    SigV4Auth(Credentials(*keys), service, "us-east-1").add_auth(request)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    host = urlsplit(endpoint).netloc
    head = "\r\n".join(["POST / HTTP/1.1", f"Host: {host}", *lines, f"Content-Length: {len(body)}", "", ""])
    return (head + body).encode()


def requests_of(endpoint: str, keys: tuple[str, str], accounts: list[str]) -> dict[str, list[bytes]]:
    """Sign the requests of each operation to be measured."""

    def form(service: str, text: str) -> bytes:
        return signed(endpoint, service, keys, {"Content-Type": FORM}, text)

    task = "arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Froot-task%2FIAMAuditRootUserCredentials"
    root = "Action=AssumeRoot&Version=2011-06-15&TargetPrincipal={}&TaskPolicyArn.arn=" + task
    listing = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts"}
    return {
        "GetCallerIdentity": [form("sts", "Action=GetCallerIdentity&Version=2011-06-15")],
        "AssumeRoot": [form("sts", root.format(account)) for account in accounts],
        "ListAccessKeys": [form("iam", "Action=ListAccessKeys&Version=2010-05-08")],
        "GetAccountSummary": [form("iam", "Action=GetAccountSummary&Version=2010-05-08")],
        "ListAccounts": [signed(endpoint, "organizations", keys, listing, "{}")],
    }


def drive(port: int, requests: list[bytes]) -> float:
    """Send the requests again and again over all connections for a while; give the answers a second."""
    selector = selectors.DefaultSelector()
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    for number, connection in enumerate(connections):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ, connection)
        connection.sendall(requests[number % len(requests)])
    answered, sent, started = 0, CONNECTIONS, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        for key, _ in selector.select():
            connection: socket.socket = key.data
            answer = connection.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(f"the emulator answered {answer[:600]!r}")
            while not is_complete(answer):
                answer += connection.recv(65536)
            answered, sent = answered + 1, sent + 1
            connection.sendall(requests[sent % len(requests)])
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return answered / elapsed


def is_complete(answer: bytes) -> bool:
    """Tell whether the whole body is there."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return len(body) >= int(head.rpartition(b"Content-Length: ")[2])


def main() -> None:
    """Measure and print."""
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=emulate, args=(its,), daemon=True)
    process.start()
    endpoint, keys = ours.recv()
    port = urlsplit(endpoint).port or 0
    accounts = member_accounts(endpoint, keys, port)
    for operation, requests in requests_of(endpoint, keys, accounts).items():
        ours.send("memory")
        before = ours.recv()[3]
        rate = drive(port, requests)
        ours.send("memory")
        busy = (ours.recv()[3] - before) / SECONDS
        print(f"{operation:<18} {rate:8,.0f} requests/s at {busy:.0%} of a core, {rate / busy:8,.0f} a full core")
    ours.send("memory")
    bare, loaded, full, _ = ours.recv()
    print(f"memory with {ACCOUNTS:,} accounts: {(full - bare) / 1024:.0f} MiB over a bare Python of {bare / 1024:.0f} MiB,")
    print(f"  of it {(loaded - bare) / 1024:.0f} MiB for botocore and the emulator's code")
    process.terminate()


def member_accounts(endpoint: str, keys: tuple[str, str], port: int) -> list[str]:
    """Read a page of member accounts."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts"}
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(signed(endpoint, "organizations", keys, headers, "{}"))
        answer = connection.recv(65536)
        while not is_complete(answer):
            answer += connection.recv(65536)
    listed = json.loads(answer.partition(b"\r\n\r\n")[2])["Accounts"]
    return [account["Id"] for account in listed[2:]]


if __name__ == "__main__":
    main()
