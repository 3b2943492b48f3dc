"""A journal on the disk for the tests of the executors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rootsweep.storage.journal import Journal
from tests.remediation.journals import ticking


@pytest.fixture(name="journal")
def empty_journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.jsonl", ticking()) as journal:
        yield journal
