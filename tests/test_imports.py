"""The import rules in pyproject.toml hold, and each of them catches what it forbids."""

from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import grimp
import pytest
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

PROJECT: Final = Path(__file__).parents[1]
CONFIGURATION: Final[Any] = read_configuration(str(PROJECT / "pyproject.toml"))
CONTRACT_TYPES: Final[dict[str, type[Contract]]] = {"forbidden": ForbiddenContract, "layers": LayersContract}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("rootsweep", "rootsweep_emulator", include_external_packages=True, cache_dir=None)


def broken_contracts(graph: grimp.ImportGraph) -> set[str]:
    """Check every contract, each on a graph of its own, and give the ids of those that are broken."""
    session = CONFIGURATION["session_options"]
    contracts = {
        options["id"]: CONTRACT_TYPES[options["type"]](options["name"], session, options)
        for options in CONFIGURATION["contracts_options"]
    }
    return {name for name, contract in contracts.items() if not contract.check(deepcopy(graph), verbose=False).kept}


def test_every_import_follows_the_rules(graph: grimp.ImportGraph) -> None:
    assert not broken_contracts(graph)


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("rootsweep.core.run", "rootsweep.settings", "rooms"),
        ("rootsweep.core.times", "rootsweep.auditing.sources", "rooms"),
        ("rootsweep.aws.sts", "rootsweep.storage", "rooms"),
        ("rootsweep.storage.journal", "rootsweep.remediation", "rooms"),
        ("rootsweep.reports.formats.csv_rows", "rootsweep.auditing", "rooms"),
        ("rootsweep.auditing.judging", "rootsweep.delivery", "rooms"),
        ("rootsweep.unplaced.room", "rootsweep.core", "rooms"),
        ("rootsweep.core.run", "rootsweep.core.judging.verdict", "judging"),
        ("rootsweep.core.judging.verdict", "rootsweep.core.coverage", "judging"),
        ("rootsweep.core.unplaced", "rootsweep.errors", "judging"),
        ("rootsweep.core.run", "botocore", "core"),
        ("rootsweep.core.judging.verdict", "msgspec", "core"),
        ("rootsweep.core.times", "rich", "core"),
        ("rootsweep.reports.formats.table.table", "rootsweep.core.judging.verdict", "showing"),
        ("rootsweep.reports.terminal.history", "rootsweep.core.history.drift", "showing"),
        ("rootsweep.delivery.changes", "rootsweep.core.parsing", "showing"),
        ("rootsweep.auditing.judging", "click", "printing"),
        ("rootsweep.auditing.workflow", "rootsweep.reports", "printing"),
        ("rootsweep.reports.terminal.self_removal", "click", "command-line"),
        ("rootsweep.remediation.root_keys", "rootsweep.aws.sts", "adapters"),
        ("rootsweep.remediation.quarantine", "rootsweep.auditing", "adapters"),
        ("rootsweep.cli.quarantine", "rootsweep.aws.sts", "caller"),
        ("rootsweep.auditing.engine", "botocore", "sdk"),
        ("rootsweep.cli.audit", "boto3", "sdk"),
        ("rootsweep.cli.history", "psycopg", "sql"),
        ("rootsweep.storage.checkpoint", "sqlite3", "sql"),
        ("rootsweep_emulator.another", "rootsweep.core.run", "emulator"),
    ],
)
def test_a_forbidden_import_is_caught(graph: grimp.ImportGraph, importer: str, imported: str, contract: str) -> None:
    changed = deepcopy(graph)
    for module in (importer, imported):
        if module not in changed.modules:
            changed.add_module(module, is_squashed=not module.startswith("rootsweep"))
    parent = importer.rpartition(".")[0]
    if parent not in changed.modules:
        changed.add_module(parent)
    changed.add_import(importer=importer, imported=imported)
    assert contract in broken_contracts(changed)


def test_every_contract_is_shown_to_catch_something() -> None:
    marks = test_a_forbidden_import_is_caught.pytestmark  # type: ignore[attr-defined]
    shown = {contract for _, _, contract in marks[0].args[1]}
    assert shown == {options["id"] for options in CONFIGURATION["contracts_options"]}
