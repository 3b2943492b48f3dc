import pytest

from rootsweep.aws.error_codes import is_by_service_control_policy, read_denial
from rootsweep.core.evidence import Denial

USER = "arn:aws:iam::111122223333:user/auditor"


@pytest.mark.parametrize(
    ("why", "by_policy"),
    [
        ("", False),
        (" because no identity-based policy allows the iam:GetUser action", False),
        (" with an explicit deny in an identity-based policy", False),
        (" with an explicit deny in a service control policy", True),
        (
            " with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-a/p-b",
            True,
        ),
    ],
)
@pytest.mark.parametrize("resource", ["*", "arn:aws:iam::111122223333:root", "user root"])
def test_denials(why: str, by_policy: bool, resource: str) -> None:
    text = f"User: {USER} is not authorized to perform: iam:GetUser on resource: {resource}{why}"
    assert read_denial(text) == Denial(USER, "iam:GetUser", resource)
    assert is_by_service_control_policy(text) is by_policy


def test_a_denial_without_a_resource() -> None:
    text = f"User: {USER} is not authorized to perform: organizations:ListAccounts with an explicit deny"
    assert read_denial(text) == Denial(USER, "organizations:ListAccounts", None)


@pytest.mark.parametrize("text", ["", "Access denied", "You don't have permissions to access this resource."])
def test_other_texts(text: str) -> None:
    assert read_denial(text) is None


@pytest.mark.parametrize("role", ["Audit", "Audit.", "a+=,.@-b", "audit/deep/Audit."])
@pytest.mark.parametrize("why", ["", " because no identity-based policy allows the sts:AssumeRole action"])
def test_a_role_is_told_whole(role: str, why: str) -> None:
    session = f"arn:aws:sts::111122223333:assumed-role/{role.rpartition('/')[2]}/rootsweep-audit"
    text = (
        f"User: {session} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/{role}{why}"
    )
    denial = read_denial(text)
    assert denial is not None
    assert (denial.denied_role, denial.role_asked_for) == (role.rpartition("/")[2], role)


@pytest.mark.parametrize(
    "arn",
    [
        None,
        "",
        "*",
        "assumed-role/Audit/session",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:user/role/Audit",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/$(reboot)",
        "arn:aws:sts::111122223333:assumed-role/Audit",
    ],
)
def test_what_is_no_role_is_none(arn: str | None) -> None:
    denial = Denial(arn, "sts:AssumeRole", arn)
    assert (denial.denied_role, denial.role_asked_for) == (None, None)
