"""The last section: the audit itself."""

from rootsweep.model.evidence import Access
from rootsweep.model.organization import HOME_REGIONS
from rootsweep.permissions.commands import command
from rootsweep.permissions.section import Section
from rootsweep.permissions.setup import Setup


def audit_section(setup: Setup) -> Section:
    """Show the call of the audit that this setup is for."""
    options = [] if setup.access is Access.OWN else ["--organization", f"--access {setup.access}"]
    if setup.access is Access.ROLE:
        options.append(f"--role-name {setup.role_name}")
        options += [] if setup.external_id is None else [f"--external-id {setup.external_id}"]
    if setup.partition != "aws":
        options.append(f"--region {HOME_REGIONS[setup.partition]}")
    return Section(
        "The audit",
        "With credentials of the principal that audits:",
        "",
        (command("rootsweep audit", *options),),
    )
