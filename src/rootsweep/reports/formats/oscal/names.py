"""The identifiers and the names that rootsweep gives to things in OSCAL."""

from typing import Final
from uuid import UUID

from rootsweep.controls import ROOT_ACCESS_KEY
from rootsweep.model.finding import Finding
from rootsweep.model.run import Run
from rootsweep.reports.formats.identity import finding_id, stable_uuid
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.formats.oscal.markup import literal
from rootsweep.reports.formats.oscal.structs import Origin, OriginActor, Property

NAMESPACE: Final = "urn:rootsweep:oscal"
"""The namespace of the properties that are rootsweep's own."""

OBJECTIVE: Final = f"{ROOT_ACCESS_KEY.id}-objective"
TOOL: Final = stable_uuid("oscal", "tool")
ORIGINS: Final = (Origin((OriginActor("tool", TOOL),)),)


def account_uuid(kind: str, finding: Finding, run: Run) -> UUID:
    """Give the id that the finding, the risk or whatever else of an account has in every run."""
    return stable_uuid("oscal", kind, finding_id(finding, run))


def run_uuid(kind: str, run: Run) -> UUID:
    """Give the id of what belongs to this run alone."""
    scope = run.scope
    parts = (scope.kind.value, scope.partition or "", scope.organization_id or "")
    return stable_uuid("oscal", kind, run.started_at.isoformat(), run.finished_at.isoformat(), *parts)


def account_title(finding: Finding) -> str:
    """Name an account by its id, and by its name where it has one, as markup."""
    name = literal(finding.account.name or "")
    return f"AWS account {finding.account.id} ({name})" if name else f"AWS account {finding.account.id}"


def properties(*named: tuple[str, object]) -> tuple[Property, ...]:
    """Give the properties of rootsweep's own that have a value; the standard wants one line that is not blank."""
    texts = [(name, "" if value is None else one_line(str(value))) for name, value in named]
    return tuple(Property(name, text, NAMESPACE) for name, text in texts if text)
