"""Every list ends: its own way, or broken off with a reason."""

from collections.abc import Callable

import pytest

from rootsweep.aws.central_access import list_delegated_administrators, list_service_access
from rootsweep.aws.iam import list_own_access_keys
from rootsweep.aws.organizations import list_accounts, list_tags
from rootsweep.aws.pacing import within
from rootsweep.aws.paging import BrokenListError, Course
from rootsweep.aws.policies import list_policies, list_policies_for_target, list_roots, list_targets_for_policy
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import UnavailableReason
from rootsweep_emulator import Emulator, Endless, Omit, Replace, Rule
from tests.live import access_of, open_emulated, root_session_access

FULL_ACCESS = "p-FullAWSAccess"
WITHOUT_END = 10**9
Listing = Callable[[Session, AccountAccess], Answer[object] | Refusal]


@pytest.mark.parametrize("cycle", [1, 3, WITHOUT_END])
@pytest.mark.parametrize(
    ("operation", "listing"),
    [
        ("ListRoots", list_roots),
        ("ListPolicies", list_policies),
        ("ListTargetsForPolicy", lambda session, access: list_targets_for_policy(session, access, FULL_ACCESS)),
        ("ListAWSServiceAccessForOrganization", list_service_access),
        ("ListDelegatedAdministrators", list_delegated_administrators),
    ],
)
def test_a_list_without_an_end_is_broken_off(organization: Emulator, operation: str, listing: Listing, cycle: int) -> None:
    organization.control.add_fault(Rule(Endless(cycle), "organizations", operation))
    outcome = listing(open_emulated(organization), access_of(organization, "management"))
    assert isinstance(outcome, Refusal)
    assert outcome.reason is UnavailableReason.UNUSABLE_ANSWER
    assert f"the list of organizations:{operation} was broken off: it never ends" in outcome.problem
    assert organization.control.calls("organizations", operation) <= 101


@pytest.mark.parametrize(
    ("operation", "listing"), [("ListTagsForResource", list_tags), ("ListPoliciesForTarget", list_policies_for_target)]
)
def test_a_list_about_an_account_without_an_end_is_broken_off(
    organization: Emulator, member: str, operation: str, listing: Callable[..., Answer[object] | Refusal]
) -> None:
    organization.control.add_fault(Rule(Endless(), "organizations", operation))
    outcome = listing(open_emulated(organization), access_of(organization, "management"), member)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is UnavailableReason.UNUSABLE_ANSWER


@pytest.mark.parametrize("cycle", [1, 2, WITHOUT_END])
def test_a_key_list_without_an_end_is_no_list(organization: Emulator, member: str, cycle: int) -> None:
    organization.control.add_fault(Rule(Endless(cycle), "iam", "ListAccessKeys"))
    outcome = list_own_access_keys(open_emulated(organization), root_session_access(organization, member))
    assert isinstance(outcome, Refusal)
    assert outcome.reason is UnavailableReason.UNUSABLE_ANSWER


def test_a_key_list_that_goes_on_without_saying_where_is_no_list(organization: Emulator, member: str) -> None:
    organization.control.add_fault(Rule(Replace(("IsTruncated",), True), "iam", "ListAccessKeys"))
    organization.control.add_fault(Rule(Omit(("Marker",)), "iam", "ListAccessKeys"))
    outcome = list_own_access_keys(open_emulated(organization), root_session_access(organization, member))
    assert isinstance(outcome, Refusal)
    assert outcome.reason is UnavailableReason.UNUSABLE_ANSWER


def test_a_list_ends_with_the_deadline_of_its_account(organization: Emulator, member: str) -> None:
    organization.control.add_fault(Rule(Endless(WITHOUT_END), "iam", "ListAccessKeys"))
    with within(0.0):
        outcome = list_own_access_keys(open_emulated(organization), root_session_access(organization, member))
    assert isinstance(outcome, Refusal)
    assert outcome.reason is UnavailableReason.TIMED_OUT
    assert organization.control.calls("iam", "ListAccessKeys") == 1


def test_an_entry_that_cannot_be_read_is_counted(organization: Emulator) -> None:
    for number, account_id in enumerate(("12345678901", "abcdefghijkl", "", "1234567890123")):
        organization.control.add_fault(Rule(Replace(("Accounts", number, "Id"), account_id), "organizations"))
    organization.control.add_fault(Rule(Omit(("Accounts", 4, "Id")), "organizations"))
    outcome = list_accounts(open_emulated(organization), access_of(organization, "management"), None)
    assert isinstance(outcome, Answer)
    assert (len(outcome.value.items), outcome.value.unusable) == (15, 5)


def test_a_course_goes_on_as_long_as_it_leads_somewhere() -> None:
    course = Course()
    for number in range(99):
        course.go_on(f"empty {number}", [])
    course.go_on("news", ["an entry"])
    for number in range(99):
        course.go_on(f"again {number}", ["an entry"])
    with pytest.raises(BrokenListError, match="brought nothing new"):
        course.go_on("once more", [])


def test_a_token_that_comes_again_ends_a_course() -> None:
    course = Course()
    course.go_on("a", ["1"])
    course.go_on("b", ["2"])
    with pytest.raises(BrokenListError, match="given before"):
        course.go_on("a", ["3"])
