"""The server: in a thread of its own for tests and demonstrations, or in the foreground."""

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rootsweep_emulator.access.signature import Credentials
from rootsweep_emulator.control import Control
from rootsweep_emulator.dispatch import Gateway
from rootsweep_emulator.http import Connection
from rootsweep_emulator.operations.registry import OPERATIONS, Operations
from rootsweep_emulator.state.account import HOME_REGION
from rootsweep_emulator.state.world import World

LOOPBACK: Final = "127.0.0.1"
_BACKLOG: Final = 1024


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything runs, so that a port in use is the caller's OSError.

    Raises:
        ValueError: the host is not a loopback address.
        OSError: the port is in use.
    """
    if host not in {LOOPBACK, "localhost"}:
        raise ValueError(f"the emulator listens on loopback only, not on {host}")
    listening = socket.create_server((LOOPBACK, port), backlog=_BACKLOG)
    listening.settimeout(0)
    return listening


def _endpoint(listening: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}"


async def _serve_until(listening: socket.socket, gateway: Gateway, stopped: asyncio.Event) -> None:
    connections: set[Connection] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(gateway.reply, connections), sock=listening, backlog=_BACKLOG
    )
    try:
        await stopped.wait()
    finally:
        # A server that is closed while it accepts a connection forgets it, open: so first accept no more, and finish those.
        asyncio.get_running_loop().remove_reader(listening)
        half_accepted = asyncio.all_tasks() - {asyncio.current_task()}
        if half_accepted:
            await asyncio.wait(half_accepted)
        for connection in tuple(connections):
            connection.close()
        server.close()


def serve(world: World, *, host: str = LOOPBACK, port: int = 0, announce: Callable[[str], None]) -> None:
    """Serve in the foreground until interrupted (KeyboardInterrupt, which is passed on).

    Args:
        world: what to serve.
        host: a loopback address.
        port: 0 for any free port.
        announce: called once with the endpoint URL, when connections are taken.

    Raises:
        ValueError: the host is not a loopback address.
        OSError: the port is in use.
    """
    listening = _listen(host, port)
    announce(_endpoint(listening))
    asyncio.run(_serve_until(listening, Gateway(world), asyncio.Event()))


class Emulator:
    """A server in a thread of its own: ``with Emulator(world) as emulator: ... emulator.endpoint``.

    Attributes:
        world: what it serves.
        control: the interface to change and observe it.
    """

    def __init__(self, world: World, added: Operations | None = None) -> None:
        """Serve a world, and the operations of services that the emulator does not have of itself, by service and name."""
        self.world = world
        self._operations = OPERATIONS | (added or {})
        self.control = Control(world)
        self._listening: socket.socket | None = None
        self._running: tuple[threading.Thread, asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @property
    def endpoint(self) -> str:
        """Return the endpoint URL; RuntimeError when the server does not run."""
        if self._listening is None:
            raise RuntimeError("the emulator does not run: call start() or enter it first")
        return _endpoint(self._listening)

    def start(self, port: int = 0) -> str:
        """Start serving on a loopback port (0 for any free one) and give the endpoint URL.

        Raises:
            OSError: the port is in use.
        """
        self._listening = listening = _listen(LOOPBACK, port)
        runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        stopped = asyncio.Event()

        def run() -> None:
            with runner:
                runner.run(_serve_until(listening, Gateway(self.world, self._operations), stopped))

        thread = threading.Thread(target=run, name="emulator", daemon=True)
        self._running = (thread, runner.get_loop(), stopped)
        thread.start()
        return self.endpoint

    def stop(self) -> None:
        """Stop serving and close every connection; nothing happens when it does not run."""
        if self._running is None:
            return
        thread, loop, stopped = self._running
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
        self._running = self._listening = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def credentials(self, name: str) -> Credentials:
        """Return the credentials of a name that the scenario offers (see :meth:`Control.credentials`)."""
        return self.control.credentials(name)

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment that points AWS's tools at this server (see :func:`environment`)."""
        return environment(self.world, name, self.endpoint)


def environment(world: World, name: str, endpoint: str) -> dict[str, str]:
    """Return the environment variables that point AWS's SDKs and tools at an endpoint, as a caller of the scenario.

    AWS SDKs and Tools reference guide, "Service-specific endpoints": AWS_ENDPOINT_URL counts only while
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is not true. AWS_SESSION_TOKEN is always there, empty for a long-term key, so that one
    of the shell's own is not sent along.

    Raises:
        UnknownName: the scenario offers no credentials of this name.
    """
    control = Control(world)
    credentials = control.credentials(name)
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token or "",
        "AWS_REGION": HOME_REGION[control.partition(name)],
        "AWS_DEFAULT_REGION": HOME_REGION[control.partition(name)],
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
    }


# Profiles of the AWS SDKs and tools, one for each caller that a scenario offers, in files of their own.

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class ProfileFiles:
    """The two files that hold the profiles: AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE."""

    config: Path
    credentials: Path


def write_profiles(world: World, endpoint: str, folder: Path) -> ProfileFiles:
    """Write a profile for each caller, which points AWS's tools at the endpoint.

    AWS SDKs and Tools reference guide, "Shared config and credentials files": a profile NAME is ``[profile NAME]`` in the one
    file and ``[NAME]`` in the other; ``endpoint_url`` counts while AWS_ENDPOINT_URL is not set.

    Raises:
        OSError: the files cannot be written.
    """
    control = Control(world)
    config, credentials = ConfigParser(interpolation=None), ConfigParser(interpolation=None)
    for name in world.named:
        key_id, secret, token = control.credentials(name)
        config[f"profile {name}"] = {
            "region": HOME_REGION[control.partition(name)],
            "endpoint_url": endpoint,
            "ignore_configured_endpoint_urls": "false",
        }
        credentials[name] = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
        if token is not None:
            credentials[name]["aws_session_token"] = token
    files = ProfileFiles(folder / "config", folder / "credentials")
    _write(config, files.config)
    _write(credentials, files.credentials)
    return files


def _write(parser: ConfigParser, path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w", encoding="utf-8") as file:
        parser.write(file)
