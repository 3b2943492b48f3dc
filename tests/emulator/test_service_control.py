"""What service control policies deny, by their documents."""

from collections.abc import Callable
from typing import Any

import pytest

from rootsweep_emulator import Credentials, Emulator
from tests.emulator.clients import client, credentials_of, error_of, root_session
from tests.emulator.scp_documents import ALLOW_ALL, DENY_ROOT, DENY_ROOT_BUT_SESSIONS, DENY_ROOT_KEYS, document

FULL_ACCESS = "p-FullAWSAccess"
ROOT_OF = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}

Attach = Callable[[str, str], str]


@pytest.fixture
def attach(organization: Emulator) -> Attach:
    """Attach a policy of this content to a target."""
    organization.control.set_service_control_policies("management", enabled=True)
    organizations = client(organization, "organizations", "management")

    def attach_it(content: str, target: str) -> str:
        made = organizations.create_policy(
            Name=f"policy-{len(content)}-{target}", Description="", Type="SERVICE_CONTROL_POLICY", Content=content
        )
        policy_id: str = made["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy_id, TargetId=target)
        return policy_id

    return attach_it


@pytest.fixture
def root_key(organization: Emulator, member: str) -> Credentials:
    """Give the member's root user a key, offered by the name ``root``."""
    organization.control.create_root_key(member)
    organization.world.named["root"] = (member, "root")
    return organization.credentials("root")


def role_of(emulator: Emulator, member: str) -> Credentials:
    emulator.control.set_role_actions(member, "RootAudit", "iam:ListAccountAliases")
    sts = client(emulator, "sts", "management")
    return credentials_of(sts.assume_role(RoleArn=f"arn:aws:iam::{member}:role/RootAudit", RoleSessionName="audit"))


def is_denied(emulator: Emulator, caller: Credentials, operation: str = "list_account_aliases", **parameters: Any) -> bool:
    call = getattr(client(emulator, "iam", caller), operation)
    try:
        code, message, status = error_of(call, **parameters)
    except AssertionError:
        return False
    assert (code, status) == ("AccessDenied", 403)
    assert message.endswith("with an explicit deny in a service control policy")
    return True


def test_full_access_alone_denies_nothing(organization: Emulator, member: str, root_key: Credentials) -> None:
    organization.control.set_service_control_policies("management", enabled=True)
    assert not is_denied(organization, root_key)
    assert not is_denied(organization, role_of(organization, member))


def test_root_makes_no_key_and_does_all_else(
    organization: Emulator, member: str, root_key: Credentials, attach: Attach
) -> None:
    assert not is_denied(organization, root_key, "create_access_key")
    attach(DENY_ROOT_KEYS, member)
    assert is_denied(organization, root_key, "create_access_key")
    assert not is_denied(organization, root_key, "list_access_keys")


def test_a_deny_of_root_breaks_root_sessions(
    organization: Emulator, member: str, root_key: Credentials, attach: Attach
) -> None:
    attach(DENY_ROOT, member)
    assert is_denied(organization, root_key, "list_access_keys")
    assert is_denied(organization, root_session(organization, member), "list_access_keys")
    assert not is_denied(organization, role_of(organization, member))


def test_root_sessions_can_be_exempt(organization: Emulator, member: str, root_key: Credentials, attach: Attach) -> None:
    attach(DENY_ROOT_BUT_SESSIONS, member)
    assert is_denied(organization, root_key, "list_access_keys")
    assert not is_denied(organization, root_session(organization, member), "list_access_keys")


@pytest.mark.parametrize("level", range(4))
def test_policies_are_inherited_from_the_root_down(
    organization: Emulator, member: str, root_key: Credentials, attach: Attach, level: int
) -> None:
    (its_organization,) = organization.world.organizations.values()
    path = list(its_organization.path(organization.world.account(member)))
    assert len(path) == 4
    policy = attach(DENY_ROOT, path[level])
    assert is_denied(organization, root_key)
    client(organization, "organizations", "management").detach_policy(PolicyId=policy, TargetId=path[level])
    assert not is_denied(organization, root_key)


def test_policies_of_other_nodes_do_not_bind(organization: Emulator, root_key: Credentials, attach: Attach) -> None:
    attach(DENY_ROOT, organization.world.account("workload-00002").id)
    assert not is_denied(organization, root_key)


def test_the_management_account_is_not_bound(organization: Emulator, attach: Attach) -> None:
    (its_organization,) = organization.world.organizations.values()
    attach(document({"Effect": "Deny", "Action": "*"}), its_organization.root_id)
    assert not is_denied(organization, organization.credentials("management"))
    assert is_denied(organization, organization.credentials("security"))


def test_an_update_binds_at_once(organization: Emulator, member: str, root_key: Credentials, attach: Attach) -> None:
    policy = attach(DENY_ROOT_KEYS, member)
    assert not is_denied(organization, root_key)
    client(organization, "organizations", "management").update_policy(PolicyId=policy, Content=DENY_ROOT)
    assert is_denied(organization, root_key)


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        ({"Action": "iam:List*"}, True),
        ({"Action": "IAM:listaccountaliases"}, None),
        ({"Action": "iam:listaccountaliases"}, True),
        ({"Action": ["s3:*", "iam:*Aliases"]}, True),
        ({"Action": "iam:ListAccountAlia?es"}, True),
        ({"Action": "iam:Get*"}, False),
        ({"NotAction": "iam:Get*"}, True),
        ({"NotAction": ["iam:List*", "sts:*"]}, False),
        ({"Action": "*", "Condition": {"StringLike": {"aws:principalarn": "arn:aws:iam::*:root"}}}, True),
        ({"Action": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "*:user/*"}}}, False),
        ({"Action": "*", "Condition": {"StringNotLike": {"aws:PrincipalArn": "*:user/*"}}}, True),
        ({"Action": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}}, True),
        ({"Action": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}, False),
        ({"Action": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:*:root"}}}, False),
        ({"Action": "*", "Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}, False),
        ({"Action": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}, True),
        ({"Action": "*", "Condition": {"Null": {"aws:AssumedRoot": True}}}, True),
        ({"Action": "*", "Condition": {"Null": {"aws:AssumedRoot": "false"}}}, False),
        ({"Action": "*", "Condition": {"Bool": {"aws:AssumedRoot": "true"}}}, False),
        ({"Action": "*", "Condition": {"BoolIfExists": {"aws:AssumedRoot": "true"}}}, True),
        ({"Action": "*", "Condition": ROOT_OF | {"Null": {"aws:AssumedRoot": "false"}}}, False),
    ],
)
def test_statements_deny_what_they_say(
    organization: Emulator, root_key: Credentials, attach: Attach, statement: dict[str, Any], denied: bool | None
) -> None:
    content, member = document({"Effect": "Deny"} | statement), organization.world.named["root"][0]
    if denied is None:
        with pytest.raises(Exception, match="MalformedPolicyDocumentException"):
            attach(content, member)
        return
    attach(content, member)
    assert is_denied(organization, root_key) is denied


def test_what_no_policy_allows_is_denied(organization: Emulator, member: str, root_key: Credentials, attach: Attach) -> None:
    organizations = client(organization, "organizations", "management")
    attach(document({"Effect": "Allow", "Action": "iam:ListAccessKeys"}), member)
    organizations.detach_policy(PolicyId=FULL_ACCESS, TargetId=member)
    iam = client(organization, "iam", root_key)
    assert iam.list_access_keys()["AccessKeyMetadata"]
    assert error_of(iam.list_account_aliases) == (
        "AccessDenied",
        (
            f"User: arn:aws:iam::{member}:root is not authorized to perform: iam:ListAccountAliases on resource: * "
            "because no service control policy allows the iam:ListAccountAliases action"
        ),
        403,
    )
    attach(ALLOW_ALL, member)
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_every_level_must_allow(organization: Emulator, member: str, root_key: Credentials, attach: Attach) -> None:
    (its_organization,) = organization.world.organizations.values()
    attach(DENY_ROOT_KEYS, its_organization.root_id)
    organizations = client(organization, "organizations", "management")
    organizations.detach_policy(PolicyId=FULL_ACCESS, TargetId=its_organization.root_id)
    message = error_of(client(organization, "iam", root_key).list_account_aliases)[1]
    assert message.endswith("because no service control policy allows the iam:ListAccountAliases action")
    assert client(organization, "sts", root_key).get_caller_identity()["Account"] == member
