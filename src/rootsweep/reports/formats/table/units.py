"""Accounts under the organizational unit that holds them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.text import Text

from rootsweep.model.finding import Finding
from rootsweep.model.run import Run
from rootsweep.reports.headline import headline
from rootsweep.reports.plain_text import printable


@dataclass(frozen=True, slots=True)
class UnitOfAccounts:
    """A unit, or the root, by the names from the root down, and the findings on the accounts directly in it.

    ``id`` and ``names`` are empty for accounts of which the unit is not known.
    """

    id: str
    names: tuple[str, ...]
    findings: Sequence[Finding]


def units_of(run: Run) -> Iterator[UnitOfAccounts]:
    """Give the units that hold accounts, each before what is below it, in the order of their names; the unknown one last."""
    names = {unit.id: unit.name for unit in run.units}
    by_path: dict[str | None, list[Finding]] = {}
    for finding in run.findings:
        by_path.setdefault(finding.account.path, []).append(finding)
    units = [_unit(path, findings, names) for path, findings in by_path.items()]
    yield from sorted(units, key=lambda unit: (not unit.id, unit.names, unit.id))


def print_unit(console: Console, unit: UnitOfAccounts, run: Run) -> None:
    """Print a unit's name, id and counts."""
    name = Text(printable(" / ".join(unit.names)) if unit.names else "Unit not known", style="bold underline")
    its_id = f" ({unit.id})" if unit.id not in unit.names[-1:] and unit.id else ""
    its_run = replace(run, findings=tuple(unit.findings))
    console.print(name.append(f"{its_id}: {headline(its_run)}", style="not bold not underline"))


def _unit(path: str | None, findings: Sequence[Finding], names: Mapping[str, str]) -> UnitOfAccounts:
    ids = path.rstrip("/").split("/")[1:] if path else []
    shown = tuple("Root" if one.startswith("r-") else names.get(one, one) for one in ids)
    return UnitOfAccounts(ids[-1] if ids else "", shown, findings)
