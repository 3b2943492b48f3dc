from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from rootsweep_emulator import Emulator, Shares, generate, load_scenario
from tests.receivers import RECEIVERS

# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def no_history(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Never touch the user's history, and record nothing but where a test asks for ``history_of_its_own``."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / f"data-{uuid4().hex}"))
    monkeypatch.setenv("ROOTSWEEP_HISTORY", "none")


@pytest.fixture
def history_of_its_own(no_history: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  it comes after the other
    """Record runs as for any user, in a folder of this test alone."""
    monkeypatch.delenv("ROOTSWEEP_HISTORY", raising=False)


@pytest.fixture
def demo() -> Iterator[Emulator]:
    with Emulator(load_scenario("demo"), RECEIVERS) as emulator:
        yield emulator


@pytest.fixture
def organization() -> Iterator[Emulator]:
    """Give an organization of 45 accounts without a key, where nobody waits for a credential report."""
    with Emulator(generate(45, shares=Shares()), RECEIVERS) as emulator:
        emulator.control.set_service_control_policies("management", enabled=False)
        for account in emulator.world.accounts.values():
            emulator.control.set_report_seconds(account.id, 0.0)
            emulator.control.make_report(account.id)
        yield emulator


@pytest.fixture
def member(organization: Emulator) -> str:
    """Give the id of a member account without a root key."""
    return organization.world.account("workload-00001").id
