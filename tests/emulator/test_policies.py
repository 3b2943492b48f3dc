"""Operations on service control policies, their attachments and their tags."""

from typing import Any

import pytest

from rootsweep_emulator import Emulator
from tests.emulator.clients import client, error_of
from tests.emulator.scp_documents import ALLOW_ALL, DENY_ROOT, DENY_ROOT_KEYS, document

SCP = "SERVICE_CONTROL_POLICY"
FULL_ACCESS = "p-FullAWSAccess"


@pytest.fixture
def organizations(organization: Emulator) -> Any:
    organization.control.set_service_control_policies("management", enabled=True)
    return client(organization, "organizations", "management")


def create(organizations: Any, name: str = "no-root-keys", content: str = DENY_ROOT_KEYS) -> str:
    policy = organizations.create_policy(Name=name, Description="", Type=SCP, Content=content)["Policy"]
    policy_id: str = policy["PolicySummary"]["Id"]
    return policy_id


def root_of(organizations: Any) -> str:
    root: str = organizations.list_roots()["Roots"][0]["Id"]
    return root


def attached(organizations: Any, target: str) -> list[str]:
    listed = organizations.list_policies_for_target(TargetId=target, Filter=SCP)["Policies"]
    return [policy["Id"] for policy in listed]


def constraint(call: Any, **parameters: Any) -> tuple[str, str]:
    try:
        call(**parameters)
    except call.__self__.exceptions.ConstraintViolationException as error:
        return error.response["Error"]["Code"], error.response["Reason"]
    raise AssertionError("the call was answered")


def test_a_policy_is_created_described_changed_and_deleted(organizations: Any) -> None:
    tags = [{"Key": "by", "Value": "rootsweep"}]
    made = organizations.create_policy(Name="one", Description="first", Type=SCP, Content=DENY_ROOT_KEYS, Tags=tags)["Policy"]
    policy = made["PolicySummary"]["Id"]
    assert made == organizations.describe_policy(PolicyId=policy)["Policy"]
    assert made["Content"] == DENY_ROOT_KEYS
    assert made["PolicySummary"]["AwsManaged"] is False
    assert made["PolicySummary"]["Arn"].endswith(f"/service_control_policy/{policy}")
    assert organizations.list_tags_for_resource(ResourceId=policy)["Tags"] == tags
    changed = organizations.update_policy(PolicyId=policy, Name="two", Content=DENY_ROOT)["Policy"]
    assert (changed["PolicySummary"]["Name"], changed["PolicySummary"]["Description"]) == ("two", "first")
    assert organizations.describe_policy(PolicyId=policy)["Policy"]["Content"] == DENY_ROOT
    organizations.delete_policy(PolicyId=policy)
    assert error_of(organizations.describe_policy, PolicyId=policy)[::2] == ("PolicyNotFoundException", 400)


def test_policies_are_listed_page_by_page(organizations: Any) -> None:
    for number in range(25):
        create(organizations, f"policy-{number}")
    pages = list(organizations.get_paginator("list_policies").paginate(Filter=SCP))
    assert [len(page["Policies"]) for page in pages] == [20, 6]
    assert pages[0]["Policies"][0]["Id"] == FULL_ACCESS
    assert organizations.list_policies(Filter="TAG_POLICY")["Policies"] == []


def test_full_access_is_attached_everywhere_once_the_type_is_enabled(organization: Emulator, member: str) -> None:
    organizations = client(organization, "organizations", "management")
    root = root_of(organizations)
    assert organizations.list_roots()["Roots"][0]["PolicyTypes"] == []
    assert attached(organizations, member) == []
    enabled = organizations.enable_policy_type(RootId=root, PolicyType=SCP)["Root"]
    assert (
        enabled["PolicyTypes"] == [{"Type": SCP, "Status": "ENABLED"}] == organizations.list_roots()["Roots"][0]["PolicyTypes"]
    )
    pages = organizations.get_paginator("list_targets_for_policy").paginate(PolicyId=FULL_ACCESS)
    targets = [target for page in pages for target in page["Targets"]]
    assert [target["Type"] for target in targets] == ["ROOT"] + ["ORGANIZATIONAL_UNIT"] * 6 + ["ACCOUNT"] * 45
    code = error_of(organizations.enable_policy_type, RootId=root, PolicyType=SCP)[0]
    assert code == "PolicyTypeAlreadyEnabledException"


def test_disabling_the_type_detaches_every_policy(organizations: Any, member: str) -> None:
    root, policy = root_of(organizations), create(organizations)
    organizations.attach_policy(PolicyId=policy, TargetId=member)
    organizations.disable_policy_type(RootId=root, PolicyType=SCP)
    assert error_of(organizations.attach_policy, PolicyId=policy, TargetId=root)[0] == "PolicyTypeNotEnabledException"
    assert error_of(organizations.disable_policy_type, RootId=root, PolicyType=SCP)[0] == "PolicyTypeNotEnabledException"
    organizations.enable_policy_type(RootId=root, PolicyType=SCP)
    assert attached(organizations, member) == [FULL_ACCESS]
    assert error_of(organizations.enable_policy_type, RootId="r-none", PolicyType=SCP)[0] == "RootNotFoundException"


def test_a_policy_is_attached_and_detached(organizations: Any, member: str) -> None:
    root, policy = root_of(organizations), create(organizations)
    organizations.attach_policy(PolicyId=policy, TargetId=root)
    organizations.attach_policy(PolicyId=policy, TargetId=member)
    assert attached(organizations, root) == [FULL_ACCESS, policy] == attached(organizations, member)
    targets = organizations.list_targets_for_policy(PolicyId=policy)["Targets"]
    assert [(target["TargetId"], target["Type"]) for target in targets] == [(root, "ROOT"), (member, "ACCOUNT")]
    code = error_of(organizations.attach_policy, PolicyId=policy, TargetId=root)[0]
    assert code == "DuplicatePolicyAttachmentException"
    assert error_of(organizations.delete_policy, PolicyId=policy)[0] == "PolicyInUseException"
    organizations.detach_policy(PolicyId=policy, TargetId=root)
    assert error_of(organizations.detach_policy, PolicyId=policy, TargetId=root)[0] == "PolicyNotAttachedException"
    organizations.detach_policy(PolicyId=policy, TargetId=member)
    organizations.delete_policy(PolicyId=policy)


def test_a_node_has_at_most_10_policies_and_at_least_one(organizations: Any, member: str) -> None:
    policies = [create(organizations, f"policy-{number}") for number in range(10)]
    for policy in policies[:9]:
        organizations.attach_policy(PolicyId=policy, TargetId=member)
    expected = ("ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    assert constraint(organizations.attach_policy, PolicyId=policies[9], TargetId=member) == expected
    root = root_of(organizations)
    expected = ("ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    assert constraint(organizations.detach_policy, PolicyId=FULL_ACCESS, TargetId=root) == expected


def test_what_is_not_there_is_not_found(organizations: Any, member: str) -> None:
    policy = create(organizations)
    for target in ("111122223333", "ou-none-none1234", "r-none"):
        assert error_of(organizations.attach_policy, PolicyId=policy, TargetId=target)[0] == "TargetNotFoundException"
    code = error_of(organizations.list_policies_for_target, TargetId="111122223333", Filter=SCP)[0]
    assert code == "TargetNotFoundException"
    for operation in ("attach_policy", "detach_policy"):
        code = error_of(getattr(organizations, operation), PolicyId="p-none12345", TargetId=member)[0]
        assert code == "PolicyNotFoundException"
    for operation in ("delete_policy", "update_policy", "list_targets_for_policy"):
        assert error_of(getattr(organizations, operation), PolicyId="p-none12345")[0] == "PolicyNotFoundException"


def test_names_are_taken_once(organizations: Any) -> None:
    create(organizations, "one")
    other = create(organizations, "other")
    for name in ("one", "FullAWSAccess"):
        assert error_of(organizations.update_policy, PolicyId=other, Name=name)[0] == "DuplicatePolicyException"
    organizations.update_policy(PolicyId=other, Name="other")
    parameters = {"Name": "one", "Description": "", "Type": SCP, "Content": ALLOW_ALL}
    assert error_of(organizations.create_policy, **parameters)[0] == "DuplicatePolicyException"


def test_aws_s_own_policy_is_immutable(organizations: Any) -> None:
    assert error_of(organizations.delete_policy, PolicyId=FULL_ACCESS)[0] == "InvalidInputException"
    assert error_of(organizations.update_policy, PolicyId=FULL_ACCESS, Name="mine")[0] == "InvalidInputException"
    described = organizations.describe_policy(PolicyId=FULL_ACCESS)["Policy"]["PolicySummary"]
    assert described["AwsManaged"] is True
    assert described["Arn"] == f"arn:aws:organizations::aws:policy/service_control_policy/{FULL_ACCESS}"


@pytest.mark.parametrize(("length", "fits"), [(10_240, True), (10_241, False)])
def test_a_policy_has_at_most_10240_characters(organizations: Any, length: int, fits: bool) -> None:
    content = ALLOW_ALL + " " * (length - len(ALLOW_ALL))
    if fits:
        create(organizations, content=content)
        return
    parameters = {"Name": "large", "Description": "", "Type": SCP, "Content": content}
    expected = ("ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")
    assert constraint(organizations.create_policy, **parameters) == expected


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        "{}",
        '{"Version": "2012-10-17"}',
        '{"Version": "2012-10-17", "Statement": []}',
        '{"Version": "2008-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}',
        document({"Effect": "deny", "Action": "*"}),
        document({"Effect": "Deny"}),
        document({"Effect": "Deny", "Action": "*", "NotAction": "*"}),
        document({"Effect": "Deny", "Action": "everything"}),
        document({"Effect": "Deny", "Action": []}),
        document({"Effect": "Deny", "Action": 1}),
        document({"Effect": "Deny", "Action": "*", "Principal": "*"}),
        document({"Effect": "Deny", "Action": "*", "Condition": ["ArnLike"]}),
        '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*"}}',
    ],
)
def test_what_is_no_policy_is_refused(organizations: Any, content: str) -> None:
    parameters = {"Name": "malformed", "Description": "", "Type": SCP, "Content": content}
    assert error_of(organizations.create_policy, **parameters)[::2] == ("MalformedPolicyDocumentException", 400)
    policy = create(organizations)
    assert error_of(organizations.update_policy, PolicyId=policy, Content=content)[0] == "MalformedPolicyDocumentException"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::bucket"}, "Resource other than *"),
        ({"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, "aws:SecureTransport"),
        ({"Effect": "Deny", "Action": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, "IpAddress"),
    ],
)
def test_what_is_not_evaluated_is_refused_by_name(organizations: Any, statement: dict[str, Any], named: str) -> None:
    parameters = {"Name": "beyond", "Description": "", "Type": SCP, "Content": document(statement)}
    code, message, status = error_of(organizations.create_policy, **parameters)
    assert (code, status) == ("NotImplemented", 501)
    assert named in message


def test_another_type_is_refused_by_name(organizations: Any) -> None:
    parameters = {"Name": "tags", "Description": "", "Type": "TAG_POLICY", "Content": "{}"}
    code, message, _ = error_of(organizations.create_policy, **parameters)
    assert (code, message) == ("NotImplemented", "The emulator does not have policies of type TAG_POLICY.")


def test_tags_are_put_on_and_taken_off(organizations: Any, member: str) -> None:
    for resource in (create(organizations), root_of(organizations), member):
        organizations.tag_resource(ResourceId=resource, Tags=[{"Key": "by", "Value": "x"}, {"Key": "of", "Value": "y"}])
        organizations.tag_resource(ResourceId=resource, Tags=[{"Key": "by", "Value": "rootsweep"}])
        tags = organizations.list_tags_for_resource(ResourceId=resource)["Tags"]
        assert {"Key": "by", "Value": "rootsweep"} in tags
        organizations.untag_resource(ResourceId=resource, TagKeys=["by", "of", "none"])
        left = {tag["Key"] for tag in organizations.list_tags_for_resource(ResourceId=resource)["Tags"]}
        assert left.isdisjoint({"by", "of"})
    twice = [{"Key": "by", "Value": "x"}] * 2
    assert error_of(organizations.tag_resource, ResourceId=member, Tags=twice)[0] == "InvalidInputException"
    many = [{"Key": f"key-{number}", "Value": ""} for number in range(51)]
    expected = ("ConstraintViolationException", "MAX_TAG_LIMIT_EXCEEDED")
    assert constraint(organizations.tag_resource, ResourceId=member, Tags=many) == expected
    code = error_of(organizations.untag_resource, ResourceId="p-none12345", TagKeys=["by"])[0]
    assert code == "TargetNotFoundException"
