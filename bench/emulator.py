"""How many requests a second the emulator answers on one core, and how much memory it takes with 10,000 accounts.

The emulator runs in a process of its own, pinned to one core where that can be done; requests signed beforehand are sent over
kept-alive connections from this one. Each round trip is a whole request: HTTP, signature, validation, operation, answer.
"""

import html
import json
import multiprocessing
import os
import re
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
SECONDS = 2.0
IAM = "Version=2010-05-08"
ASSUME_ROOT = (
    "Action=AssumeRoot&Version=2011-06-15&TargetPrincipal={}"
    "&TaskPolicyArn.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Froot-task%2FIAMAuditRootUserCredentials"
)
Keys = tuple[str, str, str | None]


def resident_kib() -> int:
    """Give the resident memory of this process; its peak where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(next(line for line in status.read_text().splitlines() if line.startswith("VmRSS")).split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def emulate(pipe: Connection) -> None:
    """Serve an organization without trouble, and say how much memory it took when asked."""
    bare = resident_kib()
    from rootsweep_emulator import Emulator, Shares, generate  # noqa: PLC0415  the memory before them is measured

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    loaded = resident_kib()
    emulator = Emulator(generate(ACCOUNTS, shares=Shares()))
    pipe.send((emulator.start(), tuple(emulator.credentials("management"))))
    while pipe.recv():
        pipe.send((bare, loaded, resident_kib()))


def signed(endpoint: str, service: str, keys: Keys, headers: dict[str, str], body: str) -> bytes:
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


def form(endpoint: str, service: str, keys: Keys, body: str) -> bytes:
    """Make a signed request of the query protocol."""
    return signed(endpoint, service, keys, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, body)


def requests_of(endpoint: str, keys: Keys) -> dict[str, list[bytes]]:
    """Sign the requests of each operation to be measured; root sessions as a sweep uses them, one for each account."""
    listing = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts"}
    list_accounts = signed(endpoint, "organizations", keys, listing, "{}")
    accounts = [account["Id"] for account in json.loads(ask(endpoint, list_accounts))["Accounts"][2:]]
    assume_root = [form(endpoint, "sts", keys, ASSUME_ROOT.format(account)) for account in accounts]
    sessions = [keys_of(ask(endpoint, request)) for request in assume_root]
    list_keys, summary = f"Action=ListAccessKeys&{IAM}", f"Action=GetAccountSummary&{IAM}"
    return {
        "GetCallerIdentity": [form(endpoint, "sts", keys, "Action=GetCallerIdentity&Version=2011-06-15")],
        "AssumeRoot": assume_root,
        "ListAccessKeys, root session": [form(endpoint, "iam", session, list_keys) for session in sessions],
        "GetAccountSummary, root session": [form(endpoint, "iam", session, summary) for session in sessions],
        "ListAccounts": [list_accounts],
    }


def keys_of(answer: bytes) -> Keys:
    """Take the credentials out of an answer of AssumeRoot."""
    found = [
        re.search(rf"<{name}>(.*?)</{name}>", answer.decode()) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    ]
    access_key_id, secret, token = (html.unescape(match[1]) if match else "" for match in found)
    return access_key_id, secret, token


def ask(endpoint: str, request: bytes) -> bytes:
    """Send one request and give the body of the answer."""
    with socket.create_connection(("127.0.0.1", urlsplit(endpoint).port or 0)) as connection:
        connection.sendall(request)
        answer = connection.recv(65536)
        while not is_complete(answer):
            answer += connection.recv(65536)
    return answer.partition(b"\r\n\r\n")[2]


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
            ready: socket.socket = key.data
            answer = ready.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(f"the emulator answered {answer[:600]!r}")
            while not is_complete(answer):
                answer += ready.recv(65536)
            answered, sent = answered + 1, sent + 1
            ready.sendall(requests[sent % len(requests)])
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
    for operation, requests in requests_of(endpoint, keys).items():
        print(f"{operation:<32} {drive(urlsplit(endpoint).port or 0, requests):7,.0f} requests/s on one core")
    ours.send("memory")
    bare, loaded, full = ours.recv()
    process.terminate()
    print(f"memory with {ACCOUNTS:,} accounts: {(full - bare) / 1024:.0f} MiB over a bare Python of {bare / 1024:.0f} MiB,")
    print(f"  of it {(loaded - bare) / 1024:.0f} MiB for botocore and the emulator's code")


if __name__ == "__main__":
    main()
