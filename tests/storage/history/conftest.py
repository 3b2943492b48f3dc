import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rootsweep.storage.history.location import Location, parse_location
from tests.storage.history.postgresql_server import MISSING, Server, binaries, shared


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a PostgreSQL server, the same to all workers."""
    if binaries() is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    base = tmp_path_factory.getbasetemp()
    with shared((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "postgresql") as started:
        yield started


@pytest.fixture(name="url", params=["sqlite", "postgresql"])
def url_of_an_empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/history.sqlite3"
    started: Server = request.getfixturevalue("server")
    return started.create_database()


@pytest.fixture
def location(url: str) -> Location:
    return parse_location(url)


@pytest.fixture
def execute(url: str, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Give what executes statements in the database, past rootsweep."""

    def execute(*statements: str) -> None:
        if url.startswith("sqlite"):
            with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
                for statement in statements:
                    connection.execute(statement)
            connection.close()
        else:
            request.getfixturevalue("server").execute(url, *statements)

    return execute
