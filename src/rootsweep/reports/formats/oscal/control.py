"""The control and its two audit procedures, which the document defines for itself."""

from typing import Final

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.reports.formats.framework_names import control_title, requirements_of
from rootsweep.reports.formats.oscal.markup import prose
from rootsweep.reports.formats.oscal.names import OBJECTIVE, properties
from rootsweep.reports.formats.oscal.structs import (
    ControlById,
    ControlSelection,
    LocalDefinitions,
    LocalObjective,
    ObjectiveById,
    ObjectiveSelection,
    Part,
    Property,
    ReviewedControls,
)

_RISK_MANAGEMENT: Final = "http://csrc.nist.gov/ns/rmf"


def objectives(reference: Reference) -> LocalDefinitions:
    """Define what is assessed, and how; ``reference`` is the framework version that the title shows."""
    control = ROOT_ACCESS_KEY
    return LocalDefinitions(
        (
            LocalObjective(
                control.id,
                control_title(reference),
                (
                    Part(OBJECTIVE, "assessment-objective", control.title, control.rationale),
                    _method("account-summary", "TEST", "Account summary", control.audit_by_command),
                    _method("credential-report", "EXAMINE", "Credential report", control.audit_by_report),
                ),
            ),
        )
    )


def _method(name: str, method: str, title: str, text: str) -> Part:
    """Define an audit procedure; its kind is told as NIST's own catalogs tell it."""
    kind = Property("method", method, _RISK_MANAGEMENT)
    return Part(f"{ROOT_ACCESS_KEY.id}-{name}", "assessment-method", title, prose(text), (kind,))


def reviewed_controls(reference: Reference) -> ReviewedControls:
    """Name the control, and what every framework calls it."""
    requirements = [("requirement", name) for one in ROOT_ACCESS_KEY.references for name in requirements_of(one)]
    return ReviewedControls(
        description=control_title(reference),
        props=properties(*requirements),
        control_selections=(ControlSelection((ControlById(ROOT_ACCESS_KEY.id),)),),
        control_objective_selections=(ObjectiveSelection((ObjectiveById(OBJECTIVE),)),),
    )
