"""Who administers an organization: trusted access, delegated administrators, the delegation policy."""

from typing import Any

import pytest

from rootsweep_emulator import Emulator
from tests.emulator.clients import client, error_of, root_session
from tests.emulator.scp_documents import DENY_ROOT_KEYS
from tests.emulator.test_policies import constraint

IAM = "iam.amazonaws.com"
SCP = "SERVICE_CONTROL_POLICY"
POLICY = {"Name": "no-root-keys", "Description": "", "Type": SCP, "Content": DENY_ROOT_KEYS}
DENIED = ("AccessDeniedException", "You don't have permissions to access this resource.", 400)


@pytest.fixture
def management(organization: Emulator) -> Any:
    organization.control.set_service_control_policies("management", enabled=True)
    return client(organization, "organizations", "management")


@pytest.fixture
def security(organization: Emulator) -> Any:
    return client(organization, "organizations", "security")


def test_a_delegate_of_iam_reads_policies_and_changes_none(management: Any, security: Any, member: str) -> None:
    policy = management.create_policy(**POLICY)["Policy"]["PolicySummary"]["Id"]
    assert security.describe_policy(PolicyId=policy)["Policy"]["Content"] == DENY_ROOT_KEYS
    assert len(security.list_policies(Filter=SCP)["Policies"]) == 2
    assert len(security.list_policies_for_target(TargetId=member, Filter=SCP)["Policies"]) == 1
    assert security.list_targets_for_policy(PolicyId=policy)["Targets"] == []
    both = {"PolicyId": policy, "TargetId": member}
    assert error_of(security.create_policy, **POLICY) == DENIED
    assert error_of(security.update_policy, PolicyId=policy) == DENIED
    assert error_of(security.delete_policy, PolicyId=policy) == DENIED
    assert error_of(security.attach_policy, **both) == DENIED
    assert error_of(security.detach_policy, **both) == DENIED
    assert error_of(security.tag_resource, ResourceId=policy, Tags=[]) == DENIED
    root = management.list_roots()["Roots"][0]["Id"]
    assert error_of(security.disable_policy_type, RootId=root, PolicyType=SCP) == DENIED


def test_the_delegation_policy_allows_what_it_names(
    organization: Emulator, management: Any, security: Any, member: str
) -> None:
    organization.control.set_delegation_policy("management", "security", "organizations:CreatePolicy", "organizations:attach*")
    policy = security.create_policy(**POLICY)["Policy"]["PolicySummary"]["Id"]
    security.attach_policy(PolicyId=policy, TargetId=member)
    assert error_of(security.detach_policy, PolicyId=policy, TargetId=member) == DENIED
    organization.control.set_delegation_policy("management", "security")
    assert error_of(security.delete_policy, PolicyId=policy) == DENIED
    assert management.describe_policy(PolicyId=policy)["Policy"]


def test_the_delegation_policy_stands_for_no_delegated_administrator(organization: Emulator, security: Any) -> None:
    organization.control.set_delegated_administrators("management")
    organization.control.set_delegation_policy("management", "security", "organizations:ListPolicies")
    assert security.list_policies(Filter=SCP)["Policies"]
    assert error_of(security.list_accounts) == DENIED


def test_services_are_for_the_management_account_alone(organization: Emulator, security: Any, member: str) -> None:
    organization.control.set_delegation_policy("management", "security", "organizations:*")
    both = {"AccountId": member, "ServicePrincipal": IAM}
    assert error_of(security.enable_aws_service_access, ServicePrincipal=IAM) == DENIED
    assert error_of(security.disable_aws_service_access, ServicePrincipal=IAM) == DENIED
    assert error_of(security.register_delegated_administrator, **both) == DENIED
    assert error_of(security.deregister_delegated_administrator, **both) == DENIED


def test_central_access_is_set_up_from_nothing(organization: Emulator, management: Any, member: str) -> None:
    organization.control.set_delegated_administrators("management")
    organization.control.set_trusted_access("management", enabled=False)
    organization.control.set_features("management")
    iam = client(organization, "iam", "management")
    code = error_of(iam.enable_organizations_root_credentials_management)[0]
    assert code == "ServiceAccessNotEnabledException"
    security = organization.world.account("security").id
    both = {"AccountId": security, "ServicePrincipal": IAM}
    expected = ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
    assert constraint(management.register_delegated_administrator, **both) == expected
    management.enable_aws_service_access(ServicePrincipal=IAM)
    management.enable_aws_service_access(ServicePrincipal=IAM)
    iam.enable_organizations_root_credentials_management()
    management.register_delegated_administrator(**both)
    assert root_session(organization, member, caller="security").access_key_id.startswith("ASIA")
    assert error_of(management.register_delegated_administrator, **both)[0] == "AccountAlreadyRegisteredException"
    expected = ("ConstraintViolationException", "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE")
    assert constraint(management.disable_aws_service_access, ServicePrincipal=IAM) == expected
    management.deregister_delegated_administrator(**both)
    assert error_of(management.deregister_delegated_administrator, **both)[0] == "AccountNotRegisteredException"
    management.disable_aws_service_access(ServicePrincipal=IAM)
    assert management.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == []


def test_features_survive_trusted_access(organization: Emulator, management: Any) -> None:
    organization.control.set_delegated_administrators("management")
    management.disable_aws_service_access(ServicePrincipal=IAM)
    management.enable_aws_service_access(ServicePrincipal=IAM)
    features = client(organization, "iam", "management").list_organizations_features()["EnabledFeatures"]
    assert features == ["RootCredentialsManagement", "RootSessions"]


def test_who_cannot_be_a_delegated_administrator(organization: Emulator, management: Any, member: str) -> None:
    register = management.register_delegated_administrator
    own = organization.world.account("management").id
    expected = ("ConstraintViolationException", "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
    assert constraint(register, AccountId=own, ServicePrincipal=IAM) == expected
    organization.control.set_account_state(member, "SUSPENDED")
    expected = ("ConstraintViolationException", "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR")
    assert constraint(register, AccountId=member, ServicePrincipal=IAM) == expected
    assert error_of(register, AccountId="111122223333", ServicePrincipal=IAM)[0] == "AccountNotFoundException"
    assert error_of(register, AccountId=member, ServicePrincipal="iam")[0] == "InvalidInputException"


def test_accounts_and_their_parents_are_described(organization: Emulator, management: Any, security: Any, member: str) -> None:
    account = security.describe_account(AccountId=member)["Account"]
    assert (account["Id"], account["Name"], account["State"]) == (member, "workload-00001", "ACTIVE")
    assert error_of(management.describe_account, AccountId="111122223333")[0] == "AccountNotFoundException"
    (unit,) = security.list_parents(ChildId=member)["Parents"]
    assert unit["Type"] == "ORGANIZATIONAL_UNIT"
    (above,) = security.list_parents(ChildId=unit["Id"])["Parents"]
    (root,) = security.list_parents(ChildId=above["Id"])["Parents"]
    assert root == {"Id": management.list_roots()["Roots"][0]["Id"], "Type": "ROOT"}
    own = organization.world.account("management").id
    assert management.list_parents(ChildId=own)["Parents"] == [root]
    assert error_of(management.list_parents, ChildId="111122223333")[0] == "ChildNotFoundException"
