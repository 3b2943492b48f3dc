"""What a denial means: which permission is missing, or which policy denies.

The texts of AssumeRoot's refusals are as captured from AWS (commercial partition, September 2026).
"""

from typing import Final

from rootsweep.aws.answers import Refusal
from rootsweep.aws.error_texts import Denial, read_denial
from rootsweep.model.evidence import Origin, UnavailableReason

_FEATURE_OFF: Final = "feature is not enabled for your AWS Organization"
_TRUSTED_ACCESS_OFF: Final = "Service not enabled for AWS Organizations"
_ASSUME_ROOT: Final = "sts:AssumeRoot"
_ASSUME_ROLE: Final = "sts:AssumeRole"


def refusal_of_denial(text: str, code: str, origin: Origin) -> Refusal:
    """Tell from AWS's words what would have to change."""
    if _FEATURE_OFF in text or _TRUSTED_ACCESS_OFF in text:
        return _centralized_root_access_off(text, code, origin)
    denial = read_denial(text) or Denial("the caller", origin.api_call or "this call", "*", by_service_control_policy=False)
    if denial.by_service_control_policy:
        return _service_control_policy(denial, code, origin)
    if origin.api_call == _ASSUME_ROOT:
        return Refusal(
            UnavailableReason.ROOT_SESSION_REFUSED,
            f"{denial.principal} may not open a root session on {denial.resource}",
            f"allow sts:AssumeRoot on {denial.resource} to {denial.principal}, in the management account or the delegated "
            "administrator for IAM (the management account itself can be no target)",
            origin,
            code,
        )
    if origin.api_call == _ASSUME_ROLE:
        return Refusal(
            UnavailableReason.ROLE_NOT_ASSUMABLE,
            f"{denial.principal} may not assume {denial.resource}",
            f"create the role {denial.resource}, let its trust policy name the caller and the external id, and allow the "
            "caller sts:AssumeRole on it",
            origin,
            code,
        )
    return Refusal(
        UnavailableReason.ACCESS_DENIED,
        f"{denial.principal} may not call {denial.action}",
        f"allow {denial.action} on {denial.resource} to {denial.principal}",
        origin,
        code,
    )


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


def _service_control_policy(denial: Denial, code: str, origin: Origin) -> Refusal:
    is_root = denial.principal.endswith(":root")
    exemption = 'add the condition "Null": {"aws:AssumedRoot": "true"} to the statement that denies the root user'
    return Refusal(
        UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY,
        f"a service control policy denies {denial.action} to {denial.principal}",
        exemption if is_root else f"let the service control policy spare {denial.action} for {denial.principal}",
        origin,
        code,
    )
