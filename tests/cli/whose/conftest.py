from collections.abc import Iterator

import pytest

from rootsweep_emulator import Emulator, Shares, generate


@pytest.fixture(name="keyed")
def organization_with_keys() -> Iterator[Emulator]:
    with Emulator(generate(12, shares=Shares(active_key=0.1, inactive_key=0.1))) as emulator:
        emulator.control.make_report("management")
        yield emulator
