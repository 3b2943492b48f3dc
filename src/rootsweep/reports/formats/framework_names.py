"""How a standard's fields name the control and what frameworks call it."""

from rootsweep.controls import ROOT_ACCESS_KEY, Reference


def standard_of(reference: Reference) -> str:
    """Name a framework version: ``CIS AWS Foundations 3.0.0``."""
    return f"{reference.framework} {reference.version}"


def requirements_of(reference: Reference) -> tuple[str, ...]:
    """Name each requirement of a framework version by itself: ``PCI DSS 3.2.1/2.1``, ``PCI DSS 3.2.1/2.2``."""
    return tuple(f"{standard_of(reference)}/{one}" for one in reference.requirement.split(", "))


def control_title(reference: Reference) -> str:
    """Give the control's title behind the number by which the framework calls it."""
    return f"{standard_of(reference)}, {reference.requirement}: {ROOT_ACCESS_KEY.title}"
