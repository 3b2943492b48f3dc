"""The documents by their names, as text."""

from enum import StrEnum
from typing import assert_never

from rootsweep.errors import UsageError
from rootsweep.model.evidence import Access
from rootsweep.permissions.identity_policy import identity_policy
from rootsweep.permissions.policy_document import as_json
from rootsweep.permissions.role import role_policy, trust_policy
from rootsweep.permissions.setup import Setup
from rootsweep.permissions.stack_set import stack_set_template


class DocumentName(StrEnum):
    """The documents that can be written alone; all but the first belong to the role in each account."""

    POLICY = "policy"
    TRUST_POLICY = "trust-policy"
    ROLE_POLICY = "role-policy"
    STACK_SET = "stackset"


def document(name: DocumentName, setup: Setup) -> str:
    """Write one document as JSON, the template as YAML; raises ``UsageError`` where the setup has no such document."""
    if name is not DocumentName.POLICY and setup.access is not Access.ROLE:
        raise UsageError(
            f"--document {name} belongs to the role of --access role", "add --access role, or ask for another document"
        )
    match name:
        case DocumentName.POLICY:
            return as_json(identity_policy(setup))
        case DocumentName.TRUST_POLICY:
            return as_json(trust_policy(setup))
        case DocumentName.ROLE_POLICY:
            return as_json(role_policy())
        case DocumentName.STACK_SET:
            return stack_set_template(setup)
        case _:
            assert_never(name)
