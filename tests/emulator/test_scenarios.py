from pathlib import Path

import pytest

from rootsweep_emulator import ScenarioError, Shares, UnknownName, VirtualClock, World, generate, load_scenario
from rootsweep_emulator.control import Control
from rootsweep_emulator.state.identifiers import account_of

FIXED = 1_790_000_000.0


def clock() -> VirtualClock:
    return VirtualClock(host=lambda: FIXED)


def test_the_demo_has_an_account_of_each_kind() -> None:
    assert list(load_scenario("demo").named) == [
        "clean",
        "active",
        "inactive",
        "both",
        "deleted-since-report",
        "created-since-report",
        "permission-missing",
        "caller-is-root",
        "govcloud",
    ]


def test_the_organization_has_every_kind_of_trouble() -> None:
    world = load_scenario("organization")
    assert len(world.accounts) == 300
    states = {account.state for account in world.accounts.values()}
    assert states == {"ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"}
    keys = {tuple(key.status for key in account.root.keys.truth) for account in world.accounts.values()}
    assert keys == {(), ("Active",), ("Inactive",), ("Inactive", "Active"), ("Active", "Active")}
    assert any(not account.roles for account in world.accounts.values() if account.name.startswith("merger"))
    assert any(account.service_control_denies for account in world.accounts.values())
    assert any(account.report_seconds == float("inf") for account in world.accounts.values())


def picture(world: World) -> list[tuple[object, ...]]:
    return [
        (account.id, account.name, account.state, account.root.keys.truth, account.parent_id, account.tags)
        for account in world.accounts.values()
    ]


def test_the_same_seed_generates_the_same_organization() -> None:
    assert picture(generate(60, clock=clock())) == picture(generate(60, clock=clock()))
    assert picture(generate(60, clock=clock())) != picture(generate(60, seed=15, clock=clock()))


def test_shares_are_kept_and_each_makes_one_account_at_least() -> None:
    world = generate(102, shares=Shares(active_key=0.5, closed=0.001))
    assert sum(bool(account.root.keys.truth) for account in world.accounts.values()) == 50
    assert sum(account.state == "CLOSED" for account in world.accounts.values()) == 1


@pytest.mark.parametrize(
    ("accounts", "shares"), [(1, Shares()), (4, Shares(active_key=0.9, closed=0.9)), (2, Shares(closed=0.1))]
)
def test_too_few_accounts_are_refused(accounts: int, shares: Shares) -> None:
    with pytest.raises(ValueError, match=r"an organization needs 2 accounts|too few for these shares"):
        generate(accounts, shares=shares)


@pytest.mark.parametrize("name", ["demo", "organization"])
def test_every_key_id_holds_its_account(name: str) -> None:
    world = load_scenario(name)
    control = Control(world)
    for account in world.accounts.values():
        users = (key for user in account.users for key in user.keys.truth)
        assert all(account_of(key.id) == account.id for key in (*account.root.keys.truth, *users))
    for offered, (account_id, _) in world.named.items():
        assert account_of(control.credentials(offered).access_key_id) == account_id


def test_a_report_of_the_past_shows_the_keys_of_then(tmp_path: Path) -> None:
    world = scenario(
        tmp_path,
        """
        report = "2h"
        [[account.root_key]]
        created = "10d"
        deactivated = "1h"
        last_used = "30m"
        region = "us-east-1"
        service = "s3"
        """,
    )
    account = world.account("one")
    (key,) = account.root.keys.truth
    assert (key.status, key.last_used is None) == ("Inactive", False)
    assert account.report is not None
    root = account.report.content.decode().split("\n")[1].split(",")
    assert root[8:13] == ["true", "2026-09-11T14:13:20Z", "N/A", "N/A", "N/A"]


def scenario(tmp_path: Path, text: str) -> World:
    path = tmp_path / "own.toml"
    path.write_text('[[account]]\nid = "111122223333"\nname = "one"\n' + text, encoding="utf-8")
    return load_scenario(path, clock=clock())


def test_an_organization_can_be_written_down(tmp_path: Path) -> None:
    world = scenario(
        tmp_path,
        """
        caller = "role/Admin"
        alias = "first"
        [[account.role]]
        name = "Admin"
        trusts = ["111122223333"]
        [[account]]
        id = "222233334444"
        name = "two"
        unit = "Workloads/Production"
        state = "SUSPENDED"
        tags = { team = "payments" }
        report_takes = "forever"
        [[account.service_control_deny]]
        exempts_root_sessions = true
        [organization]
        management = "one"
        units = ["Workloads", "Workloads/Production"]
        features = ["RootSessions"]
        delegated_administrators = ["two"]
        service_control_policies = true
        empty_page_every = 3
        """,
    )
    (organization,) = world.organizations.values()
    two = world.account("two")
    assert [account.name for account in organization.accounts] == ["one", "two"]
    assert organization.units[two.parent_id or ""].name == "Production"
    assert organization.features.truth == {"RootSessions"}
    assert organization.is_delegate(two.id, FIXED)
    assert organization.service_control.attached(two.id) == ("p-FullAWSAccess",)
    assert (two.state, two.tags, two.report_seconds) == ("SUSPENDED", (("team", "payments"),), float("inf"))
    assert two.service_control_denies[0].exempts_root_sessions
    assert Control(world).credentials("one").session_token


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('colour = "red"', "account one: unknown key 'colour'"),
        ('partition = "aws-moon"', "account one: partition must be one of aws, aws-us-gov, aws-cn, aws-eusc"),
        ('report = "soon"', "account one: report must be a duration such as 90d, 2h, 30m or 10s"),
        ("alias = 1", "account one: alias must be of type str"),
        ("tags = { team = 1 }", "account one: tags must be a table of texts"),
        ("user = [1]", "account one: user must be a list of tables"),
        ("[[account.user]]", "account one: user 1: the key 'name' is missing"),
        ('[[account.user]]\nname = "a"\nactions = "all"', "account one: user a: actions must be a list of texts"),
        ("[organization]", "organization: the key 'management' is missing"),
        ('[organization]\nmanagement = "two"', "organization: no account has the name 'two'"),
        (
            '[organization]\nmanagement = "one"\nfeatures = ["Magic"]',
            "features must be a list of some of RootCredentialsManagement",
        ),
        ('[organization]\nmanagement = "one"\nempty_page_every = true', "empty_page_every must be of type int"),
        (
            '[organization]\nmanagement = "one"\n[[account]]\nid = "222233334444"\nname = "b"\nunit = "X"',
            "units has no 'X', which account b stands in",
        ),
        ("[generated]\naccounts = 5\nshares = { active_key = true }", "shares: active_key must be a number"),
        ("[generated]\naccounts = 1", "an organization needs 2 accounts"),
        ('[[account]]\nid = "1"\nname = "b"', "account b: id must be 12 digits"),
        ('[[account]]\nid = "111122223333"\nname = "b"', "account b: another account has the id 111122223333"),
        (
            'caller = "user/nobody"',
            "account one: caller: user/nobody of account 111122223333 has no active",
        ),
        (
            'caller = "role/Nobody"',
            "account one: caller: role/Nobody of account 111122223333 has no active",
        ),
        ("[generated]\naccounts = 50\nshares = { active_kye = 0.1 }", "generated: shares: unknown key 'active_kye'"),
        ("[", "not TOML: "),
    ],
)
def test_a_slip_in_a_file_is_a_sentence(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'own.toml'}: ")
    assert problem in str(caught.value)


def test_an_unknown_scenario_is_a_sentence() -> None:
    with pytest.raises(
        ScenarioError, match="nowhere: no scenario of this name ships with rootsweep, and no such file can be read"
    ):
        load_scenario("nowhere")


def test_names_that_do_not_exist_are_sentences() -> None:
    world = load_scenario("demo")
    control = Control(world)
    with pytest.raises(UnknownName, match="no account has the id or name 'nobody'"):
        control.create_root_key("nobody")
    with pytest.raises(UnknownName, match="the root user of account 111122223333 has no key AKIA"):
        control.delete_root_key("clean", "AKIA")
    with pytest.raises(UnknownName, match="account clean is in no organization"):
        control.set_features("clean")
    control.set_root_key_status("caller-is-root", control.root_keys("caller-is-root")[0].id, "Inactive")
    with pytest.raises(UnknownName, match="root of account 888899990000 has no active access key"):
        control.credentials("caller-is-root")
