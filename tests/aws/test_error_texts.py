import pytest

from rootsweep.aws.error_texts import Denial, read_denial

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
    assert read_denial(text) == Denial(USER, "iam:GetUser", resource, by_policy)


def test_a_denial_without_a_resource() -> None:
    text = f"User: {USER} is not authorized to perform: organizations:ListAccounts with an explicit deny"
    assert read_denial(text) == Denial(USER, "organizations:ListAccounts", "*", by_service_control_policy=False)


@pytest.mark.parametrize("text", ["", "Access denied", "You don't have permissions to access this resource."])
def test_other_texts(text: str) -> None:
    assert read_denial(text) is None
