import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from rootsweep_emulator import Emulator, UnknownName, environment, load_scenario, serve
from tests.emulator.clients import client

FOREGROUND = """
import sys
import time
from rootsweep_emulator import load_scenario, serve
try:
    serve(load_scenario("demo"), announce=lambda endpoint: print(endpoint, flush=True))
except KeyboardInterrupt:
    sys.exit(130)
"""


def talk(connection: socket.socket) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert connection.recv(65536).startswith(b"HTTP/1.1 403 ")


def test_the_foreground_server_ends_when_interrupted() -> None:
    process = subprocess.Popen([sys.executable, "-c", FOREGROUND], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        endpoint = urlsplit(process.stdout.readline().strip())
        with socket.create_connection((endpoint.hostname, endpoint.port), timeout=5) as connection:
            talk(connection)
            process.send_signal(signal.SIGINT)
            assert connection.recv(1) == b""
        _, errors = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, errors) == (130, "")


def test_only_loopback_is_served() -> None:
    with pytest.raises(ValueError, match=r"the emulator listens on loopback only, not on 0\.0\.0\.0"):
        serve(load_scenario("demo"), host="0.0.0.0", announce=print)  # noqa: S104  it is what must be refused


def test_a_port_in_use_is_an_error(demo: Emulator) -> None:
    port = urlsplit(demo.endpoint).port or 0
    with pytest.raises(OSError, match="in use"):
        Emulator(load_scenario("demo")).start(port)


def test_a_stopped_emulator_has_no_endpoint_and_starts_again() -> None:
    emulator = Emulator(load_scenario("demo"))
    emulator.stop()
    for _ in range(2):
        emulator.start()
        assert client(emulator, "sts", "clean").get_caller_identity()["Account"] == "111122223333"
        emulator.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        _ = emulator.endpoint


def test_stopping_closes_connections(demo: Emulator) -> None:
    parts = urlsplit(demo.endpoint)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        talk(connection)
        demo.stop()
        assert connection.recv(1) == b""


@pytest.mark.parametrize("pause", [0.0, 0.0005, 0.001])
def test_stopping_ends_connections_that_were_just_made(pause: float) -> None:
    for _ in range(20):
        emulator = Emulator(load_scenario("demo"))
        parts = urlsplit(emulator.start())
        with socket.create_connection((parts.hostname, parts.port), timeout=2) as connection:
            time.sleep(pause)
            emulator.stop()
            try:
                assert connection.recv(1) == b""
            except ConnectionResetError:
                continue


def test_the_environment_points_at_the_emulator() -> None:
    world = load_scenario("demo")
    for name, region in (("clean", "us-east-1"), ("govcloud", "us-gov-west-1")):
        variables = environment(world, name, "http://127.0.0.1:5000")
        assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5000"
        assert variables["AWS_REGION"] == region
        assert variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "false"
        assert variables["AWS_ACCESS_KEY_ID"].startswith("AKIA")
    with pytest.raises(UnknownName, match="the scenario offers no credentials 'nobody'; it has clean, "):
        environment(world, "nobody", "http://127.0.0.1:5000")


def test_importing_the_emulator_loads_no_service_model() -> None:
    code = "import rootsweep_emulator, rootsweep_emulator.protocol.service as it; print(it.service.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stdout.strip() == "0"
