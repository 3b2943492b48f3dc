"""The names of the organizational units that hold the accounts of a run."""

from collections.abc import Callable

from rootsweep.aws.organizations import Organization
from rootsweep.model.organization import OrganizationalUnit
from rootsweep.model.run import Run
from rootsweep.sources.inventory import Inventory, Selection
from rootsweep.sweep.access_plan import AccessPlan


def name_units(
    plan: AccessPlan, organization: Organization, run: Run, tell: Callable[[str], None] | None
) -> tuple[OrganizationalUnit, ...]:
    """Ask for the names of the units; what is refused is told, and is shown by its id."""
    paths = {finding.account.path for finding in run.findings if finding.account.path is not None}
    inventory = Inventory(plan.ways.session, plan.ways.access, organization, Selection())
    units: list[OrganizationalUnit] = []
    for found in inventory.units(paths):
        if isinstance(found, OrganizationalUnit):
            units.append(found)
            continue
        if tell is not None:
            refusal = plan.of_organization(found)
            tell(f"organizational units are shown by their ids: {refusal.problem}; {refusal.advice}")
        break
    return tuple(units)
