"""Service control policies, what they are attached to, and tags (Organizations API reference).

Another type of policy is refused by name. The texts of errors are those of the API reference; those of the two limits are as
callers quote them from AWS. Tags are of accounts, units, the root and policies.
"""

from dataclasses import replace
from typing import Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call
from rootsweep_emulator.operations.organizations_scope import (
    account_of,
    administered,
    arn,
    page,
    summary,
    target_not_found,
    target_of,
    targets,
    with_token,
)
from rootsweep_emulator.state.identifiers import lower_id
from rootsweep_emulator.state.organization import Organization, Policy
from rootsweep_emulator.state.policy_document import MalformedDocument, NotEvaluated, Statement, read_document

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


MOST_ATTACHED: Final = 10
"""Organizations User Guide, "Quotas": the most service control policies that are attached to a node itself."""


def attach_policy(call: Call) -> Answer:
    """Attach a policy to the root, a unit or an account."""
    organization = administered(call)
    policy = existing_policy(call, organization)
    target = target_of(call, organization, call.parameters["TargetId"])
    service_control = organization.service_control
    if not service_control.enabled:
        raise _not_enabled()
    attached = service_control.attached(target.id)
    if policy.id in attached:
        raise ServiceError(
            "DuplicatePolicyAttachmentException", "The selected policy is already attached to the specified target."
        )
    if len(attached) >= MOST_ATTACHED:
        raise ServiceError(
            "ConstraintViolationException",
            "You have attached the maximum number of policies to the specified target.",
            reason="MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        )
    service_control.set_attached(target.id, (*attached, policy.id))
    return {}


def detach_policy(call: Call) -> Answer:
    """Detach a policy; the last one of a target stays."""
    organization = administered(call)
    policy = existing_policy(call, organization)
    target = target_of(call, organization, call.parameters["TargetId"])
    attached = organization.service_control.attached(target.id)
    if policy.id not in attached:
        raise ServiceError(
            "PolicyNotAttachedException", "The policy isn't attached to the specified target in the specified root."
        )
    rest = tuple(policy_id for policy_id in attached if policy_id != policy.id)
    if not rest:
        raise ServiceError(
            "ConstraintViolationException",
            "You cannot remove the last policy attached to the specified target. You must have at least one attached at all"
            " times.",
            reason="MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        )
    organization.service_control.set_attached(target.id, rest)
    return {}


def list_policies_for_target(call: Call) -> Answer:
    """List the policies that are attached to a target itself, not those that it inherits."""
    organization = administered(call)
    target = target_of(call, organization, call.parameters["TargetId"])
    service_control = organization.service_control
    ids = service_control.attached(target.id) if call.parameters["Filter"] == POLICY_TYPE else ()
    found, token = page(call, [policy for policy in map(service_control.policy, ids) if policy is not None])
    return with_token({"Policies": [policy_summary(organization, policy) for policy in found]}, token)


def list_targets_for_policy(call: Call) -> Answer:
    """List what a policy is attached to."""
    organization = administered(call)
    policy = existing_policy(call, organization)
    service_control = organization.service_control
    attached = [target for target in targets(organization) if policy.id in service_control.attached(target.id)]
    found, token = page(call, attached)
    return with_token({"Targets": [summary(organization, target) for target in found]}, token)


def enable_policy_type(call: Call) -> Answer:
    """Enable service control policies. Assumption: at once; AWS answers first and does it in the background."""
    organization = _root_of(call)
    if organization.service_control.enabled:
        raise ServiceError(
            "PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled in the specified root."
        )
    organization.service_control.set_enabled(enabled=True)
    return {"Root": root(organization)}


def disable_policy_type(call: Call) -> Answer:
    """Disable service control policies, which detaches them all."""
    organization = _root_of(call)
    if not organization.service_control.enabled:
        raise _not_enabled()
    organization.service_control.set_enabled(enabled=False)
    return {"Root": root(organization)}


def root(organization: Organization) -> Answer:
    """Describe the root, with the types of policies that are enabled in it."""
    enabled = organization.service_control.enabled
    return {
        "Id": organization.root_id,
        "Arn": arn(organization, f"root/{organization.id}/{organization.root_id}"),
        "Name": "Root",
        "PolicyTypes": [{"Type": POLICY_TYPE, "Status": "ENABLED"}] if enabled else [],
    }


def _root_of(call: Call) -> Organization:
    organization = administered(call)
    if call.parameters["RootId"] != organization.root_id:
        raise ServiceError("RootNotFoundException", "We can't find a root with the RootId that you specified.")
    check_type(call.parameters["PolicyType"])
    return organization


def _not_enabled() -> ServiceError:
    return ServiceError("PolicyTypeNotEnabledException", "The specified policy type isn't currently enabled in this root.")


Tags = tuple[tuple[str, str], ...]

_MOST_TAGS: Final = 50
"""Organizations User Guide, "Tagging": the most tags of a resource."""


def list_tags_for_resource(call: Call) -> Answer:
    """List the tags of a resource."""
    tags = _tags(call, administered(call))
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags]}


def tag_resource(call: Call) -> Answer:
    """Add tags, or change their values."""
    organization = administered(call)
    _set_tags(call, organization, merged(_tags(call, organization), call.parameters["Tags"]))
    return {}


def untag_resource(call: Call) -> Answer:
    """Take tags away; those that are not there are no error."""
    organization = administered(call)
    keys = set(call.parameters["TagKeys"])
    _set_tags(call, organization, tuple(tag for tag in _tags(call, organization) if tag[0] not in keys))
    return {}


def merged(tags: Tags, added: list[dict[str, str]]) -> Tags:
    """Put tags over others.

    Raises:
        ServiceError: a key is there twice, or there are too many.
    """
    keys = [tag["Key"] for tag in added]
    if len(set(keys)) < len(keys):
        raise ServiceError("InvalidInputException", "You specified the same tag key twice.", reason="DUPLICATE_TAG_KEY")
    found = dict(tags) | {tag["Key"]: tag["Value"] for tag in added}
    if len(found) > _MOST_TAGS:
        raise ServiceError(
            "ConstraintViolationException",
            "You have exceeded the number of tags allowed on this resource.",
            reason="MAX_TAG_LIMIT_EXCEEDED",
        )
    return tuple(found.items())


def _tags(call: Call, organization: Organization) -> Tags:
    resource = call.parameters["ResourceId"]
    account = account_of(call, organization, resource)
    if account is not None:
        return account.tags
    is_policy = resource in organization.service_control.customer
    if is_policy or resource == organization.root_id or resource in organization.units:
        return organization.tags.get(resource, ())
    raise target_not_found()


def _set_tags(call: Call, organization: Organization, tags: Tags) -> None:
    resource = call.parameters["ResourceId"]
    account = account_of(call, organization, resource)
    if account is not None:
        account.tags = tags
    else:
        organization.tags[resource] = tags
