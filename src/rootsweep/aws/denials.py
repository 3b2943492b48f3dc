"""What a denial means: which permission is missing, or which policy denies.

The texts of AssumeRoot's refusals are as captured from AWS (commercial partition, September 2026). AWS's text is read into a
``Denial`` once; what is said of it is put in words from that.
"""

from dataclasses import replace
from typing import Final

from rootsweep.aws.answers import Refusal
from rootsweep.aws.error_texts import is_by_service_control_policy, read_denial
from rootsweep.model.evidence import Access, Denial, Origin, UnavailableReason

_FEATURE_OFF: Final = "feature is not enabled for your AWS Organization"
_TRUSTED_ACCESS_OFF: Final = "Service not enabled for AWS Organizations"
_REASONS: Final = {
    "sts:AssumeRoot": UnavailableReason.ROOT_SESSION_REFUSED,
    "sts:AssumeRole": UnavailableReason.ROLE_NOT_ASSUMABLE,
}
_PRINCIPAL_BY: Final = {
    Access.ROLE: "the role",
    Access.ROOT_SESSION: "the root session",
    Access.ROOT: "the root user",
}
_EXEMPTION: Final = 'add the condition "Null": {"aws:AssumedRoot": "true"} to the statement that denies the root user'


def refusal_of_denial(text: str, code: str, origin: Origin) -> Refusal:
    """Tell from AWS's words what would have to change; words that are not known are a denial of the call all the same."""
    if _FEATURE_OFF in text or _TRUSTED_ACCESS_OFF in text:
        return _centralized_root_access_off(text, code, origin)
    denial = read_denial(text) or Denial(None, origin.api_call or "this call", None)
    reason = _REASONS.get(origin.api_call or "", UnavailableReason.ACCESS_DENIED)
    if is_by_service_control_policy(text):
        reason = UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY
    return _in_words(Refusal(reason, "", "", origin, code, denial))


def denied_on(refusal: Refusal, resource: str) -> Refusal:
    """Complete a denial whose text names no resource by the one that was asked for."""
    if refusal.denial is None or refusal.denial.resource is not None:
        return refusal
    return _in_words(replace(refusal, denial=replace(refusal.denial, resource=resource)))


def _in_words(refusal: Refusal) -> Refusal:
    """Put the problem and the advice of a denial in words."""
    denial = refusal.denial
    if denial is None:
        return refusal
    principal, resource = _principal(denial, refusal.origin), denial.resource
    on_resource = f" on {resource}" if resource else ""
    match refusal.reason:
        case UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY:
            problem = f"a service control policy denies {denial.action} to {principal}"
            spare = f"let the service control policy spare {denial.action} for {principal}"
            return replace(refusal, problem=problem, advice=_EXEMPTION if _is_root(denial, refusal.origin) else spare)
        case UnavailableReason.ROOT_SESSION_REFUSED:
            problem = f"{principal} may not open a root session{on_resource}"
            advice = (
                f"allow sts:AssumeRoot{on_resource} to {principal}, in the management account or the delegated administrator "
                "for IAM (the management account itself can be no target)"
            )
        case UnavailableReason.ROLE_NOT_ASSUMABLE:
            problem = f"{principal} may not assume {resource or 'the role'}"
            role = f"the role {resource}" if resource else "the role"
            trust = "let its trust policy name the caller and the external id, and allow the caller sts:AssumeRole on it"
            advice = f"create {role}, {trust}"
        case _:
            problem = f"{principal} may not call {denial.action}"
            advice = f"allow {denial.action}{on_resource} to {principal}"
    return replace(refusal, problem=problem, advice=advice)


def _principal(denial: Denial, origin: Origin) -> str:
    """Name who was denied as a person knows it: a session by its role; where AWS does not tell, by the way into the account."""
    if denial.principal is None:
        return _PRINCIPAL_BY.get(origin.access, "the caller")
    if denial.denied_role is None:
        return denial.principal
    return f"role {denial.denied_role} of account {denial.principal.split(':')[4]}"


def _is_root(denial: Denial, origin: Origin) -> bool:
    if denial.principal is None:
        return origin.access in {Access.ROOT_SESSION, Access.ROOT}
    return denial.principal.endswith(":root")


def _centralized_root_access_off(text: str, code: str, origin: Origin) -> Refusal:
    feature = "trusted access for IAM" if _TRUSTED_ACCESS_OFF in text else "root credentials management"
    advice = (
        "in the management account run `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`"
        if _TRUSTED_ACCESS_OFF in text
        else "in the management account run `aws iam enable-organizations-root-credentials-management`"
    )
    return Refusal(
        UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, f"{feature} is not enabled in the organization", advice, origin, code
    )
