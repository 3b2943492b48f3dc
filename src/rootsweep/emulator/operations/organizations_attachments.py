"""AttachPolicy, DetachPolicy, ListPoliciesForTarget, ListTargetsForPolicy, EnablePolicyType, DisablePolicyType.

Organizations API reference. The texts of the two limits are as callers quote them from AWS.
"""

from typing import Final

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.operations.organizations_policies import POLICY_TYPE, check_type, existing_policy, policy_summary
from rootsweep.emulator.operations.organizations_scope import administered, arn, page, with_token
from rootsweep.emulator.operations.organizations_targets import summary, target_of, targets
from rootsweep.emulator.state.organization import Organization

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
