from typing import Any

import pytest

from rootsweep_emulator import Emulator, Refuse, Rule, Throttle
from tests.emulator.clients import client, error_of


def pages(organizations: Any) -> list[dict[str, Any]]:
    return list(organizations.get_paginator("list_accounts").paginate())


def test_accounts_come_in_pages_of_20_with_their_state(organization: Emulator) -> None:
    organization.control.set_account_state("workload-00001", "SUSPENDED")
    listed = pages(client(organization, "organizations", "security"))
    assert [len(page["Accounts"]) for page in listed] == [20, 20, 5]
    accounts = [account for page in listed for account in page["Accounts"]]
    assert {account["Id"] for account in accounts} == organization.world.accounts.keys()
    by_name = {account["Name"]: account for account in accounts}
    assert (by_name["workload-00001"]["State"], by_name["workload-00002"]["State"]) == ("SUSPENDED", "ACTIVE")
    assert "Status" not in by_name["workload-00001"]


def test_the_retired_status_can_be_had(organization: Emulator) -> None:
    (its_organization,) = organization.world.organizations.values()
    its_organization.shows_retired_status = True
    first = client(organization, "organizations", "management").list_accounts()["Accounts"][0]
    assert (first["Status"], first["State"]) == ("ACTIVE", "ACTIVE")


def test_empty_pages_carry_a_token(organization: Emulator) -> None:
    organization.control.set_empty_pages("management", every=2)
    organizations = client(organization, "organizations", "management")
    assert [len(page["Accounts"]) for page in pages(organizations)] == [20, 0, 20, 5]


def test_at_most_20_are_asked_for(organization: Emulator) -> None:
    organizations = client(organization, "organizations", "management")
    assert len(organizations.list_accounts(MaxResults=7)["Accounts"]) == 7
    assert error_of(organizations.list_accounts, MaxResults=21)[::2] == ("InvalidInputException", 400)
    assert error_of(organizations.list_accounts, NextToken="elsewhere")[::2] == ("InvalidInputException", 400)


def test_the_tree_is_walked_from_the_root(organization: Emulator) -> None:
    organizations = client(organization, "organizations", "management")
    (root,) = organizations.list_roots()["Roots"]
    found, units = set(), {}
    waiting = [root["Id"]]
    while waiting:
        parent = waiting.pop()
        for page in organizations.get_paginator("list_accounts_for_parent").paginate(ParentId=parent):
            found |= {account["Id"] for account in page["Accounts"]}
        for unit in organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]:
            units[unit["Name"]] = unit["Id"]
            waiting.append(unit["Id"])
    assert found == organization.world.accounts.keys()
    assert units.keys() == {"Security", "Infrastructure", "Workloads", "Production", "Development", "Sandbox"}
    code, _, _ = error_of(organizations.list_accounts_for_parent, ParentId="ou-zzzz-zzzzzzzz")
    assert code == "ParentNotFoundException"


def test_tags_of_accounts_units_and_nothing(organization: Emulator, member: str) -> None:
    organizations = client(organization, "organizations", "management")
    tags = {tag["Key"]: tag["Value"] for tag in organizations.list_tags_for_resource(ResourceId=member)["Tags"]}
    assert tags == {"unit": "Workloads/Production", "environment": "production"}
    root = organizations.list_roots()["Roots"][0]["Id"]
    assert organizations.list_tags_for_resource(ResourceId=root)["Tags"] == []
    assert error_of(organizations.list_tags_for_resource, ResourceId="111122223333")[0] == "TargetNotFoundException"


def test_delegates_and_trusted_services_are_listed(organization: Emulator) -> None:
    organizations = client(organization, "organizations", "management")
    security = organization.world.account("security").id
    listed = organizations.list_delegated_administrators(ServicePrincipal="iam.amazonaws.com")["DelegatedAdministrators"]
    assert [(entry["Id"], entry["State"]) for entry in listed] == [(security, "ACTIVE")]
    assert organizations.list_delegated_administrators(ServicePrincipal="config.amazonaws.com")["DelegatedAdministrators"] == []
    assert len(organizations.list_delegated_administrators()["DelegatedAdministrators"]) == 1
    trusted = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [entry["ServicePrincipal"] for entry in trusted] == ["iam.amazonaws.com"]


def test_the_organization_is_described(organization: Emulator) -> None:
    described = client(organization, "organizations", "security").describe_organization()["Organization"]
    assert described["MasterAccountId"] == organization.world.account("management").id
    assert described["FeatureSet"] == "ALL"


def test_other_accounts_list_nothing(organization: Emulator) -> None:
    organization.control.set_delegated_administrators("management")
    organizations = client(organization, "organizations", "security")
    expected = ("AccessDeniedException", "You don't have permissions to access this resource.", 400)
    assert error_of(organizations.list_accounts) == expected
    assert organizations.describe_organization()["Organization"]["Id"].startswith("o-")


def test_a_standalone_account_has_no_organization(demo: Emulator) -> None:
    code, message, status = error_of(client(demo, "organizations", "caller-is-root").describe_organization)
    assert (code, status) == ("AWSOrganizationsNotInUseException", 400)
    assert message == "Your account is not a member of an organization."


def test_a_listing_can_fail_at_its_second_page(organization: Emulator) -> None:
    fault = Rule(Refuse("ServiceException", "internal error", 500), "organizations", "ListAccounts", skip=1, times=1)
    organization.control.add_fault(fault)
    organizations = client(organization, "organizations", "management")
    first = organizations.list_accounts()
    assert error_of(organizations.list_accounts, NextToken=first["NextToken"])[::2] == ("ServiceException", 500)
    assert len(organizations.list_accounts(NextToken=first["NextToken"])["Accounts"]) == 20


def test_organizations_throttles_by_its_own_code(organization: Emulator) -> None:
    organization.control.add_fault(Rule(Throttle(rate=8, burst=12), "organizations", "ListAccounts"))
    organizations = client(organization, "organizations", "management")
    codes = [outcome(organizations.list_accounts) for _ in range(14)]
    assert codes[:12] == [""] * 12
    assert codes[-1] == "TooManyRequestsException"
    organization.control.advance(1)
    assert outcome(organizations.list_accounts) == ""


def outcome(call: Any) -> str:
    try:
        return error_of(call)[0]
    except AssertionError:
        return ""


@pytest.mark.parametrize("operation", ["list_accounts", "list_roots", "list_delegated_administrators"])
def test_the_permission_is_needed_as_well(demo: Emulator, operation: str) -> None:
    organizations = client(demo, "organizations", "clean")
    code, message, status = error_of(getattr(organizations, operation))
    assert (code, status) == ("AccessDeniedException", 400)
    assert "because no identity-based policy allows the organizations:" in message
