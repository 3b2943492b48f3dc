"""What every event carries: the framework's version, the cloud, and times as numbers."""

from datetime import datetime
from typing import Final

from rootsweep.model.finding import Finding
from rootsweep.model.organization import OrganizationalUnit
from rootsweep.model.run import Run
from rootsweep.reports.formats.identity import partition_of, stable_uuid
from rootsweep.reports.formats.ocsf import structs
from rootsweep.reports.formats.one_line import one_line

OCSF_VERSION: Final = "1.8.0"
"""The newest released version (ocsf/ocsf-schema, tag 1.8.0 of 2026-03-18)."""

_AWS_ACCOUNT: Final = 10


def metadata_of(run: Run, *about: str) -> structs.Metadata:
    """Give an event an id that belongs to this run and to what the event is about."""
    return structs.Metadata(
        version=OCSF_VERSION,
        product=structs.Product("rootsweep", "rootsweep", run.tool_version),
        uid=str(stable_uuid("ocsf", run.started_at.isoformat(), run.finished_at.isoformat(), *about)),
        profiles=("cloud",),
        tenant_uid=run.scope.organization_id,
    )


def cloud_of(finding: Finding, run: Run) -> structs.Cloud:
    """Tell in which account, organization and organizational unit a finding is."""
    account = structs.Account(finding.account.id, _AWS_ACCOUNT, "AWS Account", one_line(finding.account.name or "") or None)
    return structs.Cloud("AWS", partition_of(finding, run), account, _organization(finding, run))


def _organization(finding: Finding, run: Run) -> structs.Organization | None:
    """Read the path of an account, ``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/``; without one the scope tells the organization."""
    organization, *units = (finding.account.path or run.scope.organization_id or "").strip("/").split("/")
    if not organization:
        return None
    unit = units[-1] if units else None
    return structs.Organization(organization, unit, _name_of(unit, run.units))


def _name_of(unit: str | None, units: tuple[OrganizationalUnit, ...]) -> str | None:
    return next((one_line(one.name) or None for one in units if one.id == unit), None)


def milliseconds(time: datetime) -> int:
    """Give a time as OCSF's ``timestamp_t``: milliseconds since 1970 in UTC."""
    return round(time.timestamp() * 1000)
