"""CreatePolicy, UpdatePolicy, DeletePolicy, DescribePolicy, ListPolicies (Organizations API reference).

Service control policies only; another type is refused by name. The texts of errors are those of the API reference.
"""

from dataclasses import replace
from typing import Final

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.operations.organizations_scope import administered, arn, page, with_token
from rootsweep.emulator.operations.organizations_tags import merged
from rootsweep.emulator.state.identifiers import lower_id
from rootsweep.emulator.state.organization import Organization
from rootsweep.emulator.state.policy_document import MalformedDocument, NotEvaluated, Statement, read_document
from rootsweep.emulator.state.service_control import Policy

POLICY_TYPE: Final = "SERVICE_CONTROL_POLICY"
MOST_CHARACTERS: Final = 10_240
"""Organizations User Guide, "Quotas": the most characters of a service control policy."""

_ID_LENGTH: Final = 8
_NOT_IMPLEMENTED: Final = 501


def create_policy(call: Call) -> Answer:
    """Create a policy that is attached to nothing yet. Assumption: the type need not be enabled for that."""
    organization = administered(call)
    check_type(call.parameters["Type"])
    name, content = call.parameters["Name"], call.parameters["Content"]
    statements = _read(content)
    _check_name(organization, name, None)
    policy_id = lower_id("p-", _ID_LENGTH, call.world.seed, organization.id, next(call.world.serials))
    policy = Policy(policy_id, name, call.parameters["Description"], content, statements)
    organization.service_control.customer[policy_id] = policy
    organization.tags[policy_id] = merged((), call.parameters.get("Tags", []))
    return _described(organization, policy)


def update_policy(call: Call) -> Answer:
    """Change the name, description or content of a policy, where it is attached too."""
    organization = administered(call)
    policy = existing_policy(call, organization)
    _check_mutable(policy)
    name, content = call.parameters.get("Name", policy.name), call.parameters.get("Content", policy.content)
    statements = _read(content)
    _check_name(organization, name, policy.id)
    description = call.parameters.get("Description", policy.description)
    changed = replace(policy, name=name, description=description, content=content, statements=statements)
    organization.service_control.customer[policy.id] = changed
    return _described(organization, changed)


def delete_policy(call: Call) -> Answer:
    """Delete a policy that is attached to nothing."""
    organization = administered(call)
    policy = existing_policy(call, organization)
    _check_mutable(policy)
    if any(policy.id in attached for attached in organization.service_control.attachments.values()):
        raise ServiceError(
            "PolicyInUseException",
            "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before"
            " performing this operation.",
        )
    del organization.service_control.customer[policy.id]
    organization.tags.pop(policy.id, None)
    return {}


def describe_policy(call: Call) -> Answer:
    """Describe a policy, with its content."""
    organization = administered(call)
    return _described(organization, existing_policy(call, organization))


def list_policies(call: Call) -> Answer:
    """List the policies of a type, without their contents; other types have none here."""
    organization = administered(call)
    is_ours = call.parameters["Filter"] == POLICY_TYPE
    policies, token = page(call, organization.service_control.policies() if is_ours else [])
    return with_token({"Policies": [policy_summary(organization, policy) for policy in policies]}, token)


def existing_policy(call: Call, organization: Organization) -> Policy:
    """Find the policy that the call's PolicyId names.

    Raises:
        ServiceError: PolicyNotFoundException.
    """
    policy = organization.service_control.policy(call.parameters["PolicyId"])
    if policy is None:
        raise ServiceError("PolicyNotFoundException", "You specified a policy that doesn't exist.")
    return policy


def check_type(policy_type: str) -> None:
    """Refuse a type of policy that the emulator does not have."""
    if policy_type != POLICY_TYPE:
        raise ServiceError("NotImplemented", f"The emulator does not have policies of type {policy_type}.", _NOT_IMPLEMENTED)


def policy_summary(organization: Organization, policy: Policy) -> Answer:
    """Describe a policy without its content."""
    managed_arn = f"arn:{organization.partition}:organizations::aws:policy/service_control_policy/{policy.id}"
    own_arn = arn(organization, f"policy/{organization.id}/service_control_policy/{policy.id}")
    return {
        "Id": policy.id,
        "Arn": managed_arn if policy.aws_managed else own_arn,
        "Name": policy.name,
        "Description": policy.description,
        "Type": POLICY_TYPE,
        "AwsManaged": policy.aws_managed,
    }


def _described(organization: Organization, policy: Policy) -> Answer:
    return {"Policy": {"PolicySummary": policy_summary(organization, policy), "Content": policy.content}}


def _read(content: str) -> tuple[Statement, ...]:
    if len(content) > MOST_CHARACTERS:
        raise ServiceError(
            "ConstraintViolationException",
            f"You have exceeded the maximum policy size of {MOST_CHARACTERS} characters.",
            reason="POLICY_CONTENT_LIMIT_EXCEEDED",
        )
    try:
        return read_document(content)
    except MalformedDocument as error:
        text = f"The provided policy document does not meet the requirements of the specified policy type: {error}."
        raise ServiceError("MalformedPolicyDocumentException", text) from error
    except NotEvaluated as error:
        text = f"The emulator does not evaluate a service control policy with this: {error}."
        raise ServiceError("NotImplemented", text, _NOT_IMPLEMENTED) from error


def _check_name(organization: Organization, name: str, own_id: str | None) -> None:
    if any(policy.name == name and policy.id != own_id for policy in organization.service_control.policies()):
        raise ServiceError("DuplicatePolicyException", "A policy with the same name already exists.")


def _check_mutable(policy: Policy) -> None:
    if policy.aws_managed:
        raise ServiceError(
            "InvalidInputException", "You cannot update or delete a policy managed by AWS.", reason="IMMUTABLE_POLICY"
        )
