"""``rootsweep audit --organization`` where the list of accounts is endless, cut or strange, over real HTTP."""

from collections.abc import Callable

import pytest

from rootsweep_emulator import Body, Effect, Emulator, Endless, Omit, Replace, Rule
from tests.cli.command_line import CommandLine, Outcome

SWEEP = ("audit", "--format", "json", "--quiet", "--organization", "--timeout", "20s")
WITHOUT_END = 10**9
Sweep = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def impatient_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")


@pytest.fixture(name="sweep")
def sweep_of_an_organization(rootsweep: CommandLine, call_as: Callable[[Emulator, str], None], organization: Emulator) -> Sweep:
    call_as(organization, "management")
    return lambda *arguments: rootsweep(*SWEEP, *arguments)


def root_of(emulator: Emulator) -> str:
    return next(iter(emulator.world.organizations.values())).root_id


def ids(outcome: Outcome) -> list[str]:
    return [row["account_id"] for row in outcome.audit["accounts"]]


@pytest.mark.parametrize("cycle", [1, 3, WITHOUT_END])
def test_a_listing_without_an_end_is_broken_off(organization: Emulator, sweep: Sweep, cycle: int) -> None:
    organization.control.add_fault(Rule(Endless(cycle), "organizations", "ListAccounts"))
    outcome = sweep()
    assert (outcome.code, outcome.audit["scope"]["complete"]) == (3, False)
    assert "never ends" in outcome.audit["scope"]["incomplete_because"]
    assert sorted(ids(outcome)) == sorted(organization.world.accounts)


@pytest.mark.parametrize("operation", ["ListAccountsForParent", "ListOrganizationalUnitsForParent"])
def test_a_listing_of_a_unit_without_an_end_is_broken_off(organization: Emulator, sweep: Sweep, operation: str) -> None:
    organization.control.add_fault(Rule(Endless(2), "organizations", operation))
    outcome = sweep("--ou", root_of(organization))
    assert (outcome.code, outcome.audit["scope"]["complete"]) == (3, False)
    assert f"organizations:{operation}" in outcome.audit["scope"]["incomplete_because"]
    assert len(set(ids(outcome))) == len(ids(outcome))


@pytest.mark.parametrize(
    "effect",
    [
        Body(b"{}", content_type="application/x-amz-json-1.1"),
        Body(b'{"Accounts": [{"Id": "1111', content_type="application/x-amz-json-1.1"),
        Body(b"<html>Sign in</html>"),
        Body(b"[]", content_type="application/x-amz-json-1.1"),
        Omit(("Accounts", 3, "Id")),
        Replace(("Accounts", 3, "Id"), "12345"),
    ],
    ids=repr,
)
def test_a_page_that_cannot_be_used_is_asked_for_again(organization: Emulator, sweep: Sweep, effect: Effect) -> None:
    organization.control.add_fault(Rule(effect, "organizations", "ListAccounts", skip=1, times=2))
    outcome = sweep()
    assert outcome.audit["scope"]["complete"]
    assert sorted(ids(outcome)) == sorted(organization.world.accounts)


@pytest.mark.parametrize("content", [b"{}", b'{"Accounts": [', b"<html>Sign in</html>", b"[]"])
def test_a_page_that_stays_unusable_is_not_the_end_of_the_list(organization: Emulator, sweep: Sweep, content: bytes) -> None:
    organization.control.add_fault(Rule(Body(content), "organizations", "ListAccounts", skip=1))
    outcome = sweep()
    assert (outcome.code, outcome.audit["scope"]["complete"]) == (3, False)
    assert "organizations:ListAccounts" in outcome.audit["scope"]["incomplete_because"]
    assert len(ids(outcome)) == 20


def test_an_empty_answer_is_not_an_organization_without_accounts(organization: Emulator, sweep: Sweep) -> None:
    organization.control.add_fault(Rule(Body(b"{}"), "organizations", "ListAccounts"))
    outcome = sweep()
    assert outcome.code == 4
    assert "organizations:ListAccounts" in outcome.err


@pytest.mark.parametrize("effect", [Omit(("Accounts", 3, "Id")), Replace(("Accounts", 3, "Id"), "1234567890AB")], ids=repr)
@pytest.mark.parametrize("operation", ["ListAccounts", "ListAccountsForParent"])
def test_a_bad_entry_costs_itself_and_completeness(
    organization: Emulator, sweep: Sweep, operation: str, effect: Effect
) -> None:
    organization.control.add_fault(Rule(effect, "organizations", operation, times=4 if operation == "ListAccounts" else None))
    outcome = sweep() if operation == "ListAccounts" else sweep("--ou", root_of(organization))
    missing = set(organization.world.accounts) - set(ids(outcome))
    assert (outcome.code, outcome.audit["scope"]["complete"]) == (3, False)
    assert f"of organizations:{operation} could not be read" in outcome.audit["scope"]["incomplete_because"]
    assert 1 <= len(missing) <= 6


@pytest.mark.parametrize("unit", ["ou-ab12-99999999", "r-zzzz", "Production", ""])
@pytest.mark.parametrize("beside", [False, True])
def test_a_wrong_unit_is_named_before_anything_is_read(organization: Emulator, sweep: Sweep, unit: str, beside: bool) -> None:
    others = ("--ou", root_of(organization)) if beside else ()
    outcome = sweep(*others, "--ou", unit)
    assert outcome.code == 2
    assert repr(unit) in outcome.err
    assert "--ou" in outcome.err
    assert organization.control.calls("sts", "AssumeRoot") == 0
