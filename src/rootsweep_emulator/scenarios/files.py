"""Scenario files: TOML to worlds.

The files that ship beside this module are the examples; ``demo.toml`` explains each key where it is first used.
"""

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

from rootsweep_emulator.control import Control
from rootsweep_emulator.errors import ScenarioError, UnknownName
from rootsweep_emulator.faults import Faults
from rootsweep_emulator.scenarios.building import (
    DAY,
    PastKey,
    add_user,
    enable_central_access,
    join,
    new_account,
    new_organization,
    set_past,
)
from rootsweep_emulator.scenarios.generated import EVERY_TROUBLE, TROUBLES, Shares, add_member, generate, numbered, teams
from rootsweep_emulator.scenarios.table import Table
from rootsweep_emulator.state.account import ACCOUNT_STATES, PARTITIONS, Account, Role, ServiceControlDeny
from rootsweep_emulator.state.identifiers import VirtualClock
from rootsweep_emulator.state.organization import FEATURES, Organization
from rootsweep_emulator.state.world import World

_ADMINISTRATORS: Final = 2
"""The management account and the delegated administrator, with which a generated organization begins."""

_ACCOUNT_ID: Final = re.compile(r"\d{12}", re.ASCII)


def load_scenario(name_or_path: str | Path, *, clock: VirtualClock | None = None) -> World:
    """Read a scenario that ships with the package, by name, or any other, by path.

    Args:
        name_or_path: ``demo``, ``organization``, or the path of a TOML file.
        clock: the clock that ages in the file count back from; the host's when None.

    Raises:
        ScenarioError: there is no such scenario, or the file does not say what a scenario says.
    """
    shipped = resources.files(__package__) / f"{name_or_path}.toml"
    source = shipped if isinstance(name_or_path, str) and shipped.is_file() else Path(name_or_path)
    try:
        document = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(
            f"{name_or_path}: no scenario of this name ships with rootsweep, and no such file can be read"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{name_or_path}: not TOML: {error}") from error
    return read_scenario(document, str(name_or_path), clock or VirtualClock())


def read_scenario(document: dict[str, Any], where: str, clock: VirtualClock) -> World:
    """Build the world of a parsed scenario file.

    Raises:
        ScenarioError: a key is unknown, missing, or of the wrong type; the text begins with ``where``.
    """
    top = Table(document, where)
    description, seed = top.text("description", ""), top.integer("seed", 0)
    generated = top.table("generated")
    if generated is not None:
        world = _generated(generated, seed, clock)
        world.description = description
    else:
        world = World(seed=seed, description=description, clock=clock, faults=Faults(seed))
        _accounts(world, top)
    top.finish()
    return world


def _generated(table: Table, seed: int, clock: VirtualClock) -> World:
    its_shares = table.table("shares")
    shares = EVERY_TROUBLE if its_shares is None else _shares(its_shares)
    count, names = table.integer("accounts"), table.choice("names", ("numbered", "teams"), "numbered")
    members, callers = table.tables("member"), table.texts_by_name("callers")
    management_keys, auditor_actions = table.tables("management_root_key"), table.texts("auditor_actions", ())
    table.finish()
    written = {member.text("name", "") for member in members}
    free = numbered if names == "numbered" else lambda: (one for one in teams() if one.name not in written)
    try:
        world = generate(count - len(members), seed=seed, shares=shares, clock=clock, names=free)
    except ValueError as error:
        raise ScenarioError(f"{table.where}: {error}") from error
    (organization,) = world.organizations.values()
    now = world.clock.now()
    set_past(world, world.account("management"), tuple(_past_key(key, now) for key in management_keys), None)
    if auditor_actions:
        world.account("security").users[0].actions = auditor_actions
    generated = organization.accounts[_ADMINISTRATORS:]
    for member in members:
        _member(world, organization, member)
    # Those with a story come first, so that a sweep does not begin to wait for them when it has read all others.
    organization.accounts[_ADMINISTRATORS:] = organization.accounts[_ADMINISTRATORS + len(generated) :] + generated
    for name, of in callers.items():
        account, _, principal = of.partition("/")
        _offer(world, name, _by_name(world, table, account), principal, table)
    return world


def _member(world: World, organization: Organization, table: Table) -> None:
    account = _account(world, table)
    _check_new(world, account, table)
    unit, trouble = table.text("unit"), table.choice("trouble", ("", *TROUBLES), "")
    table.finish()
    try:
        add_member(world, organization, account, unit)
    except StopIteration as error:
        raise ScenarioError(f"{table.where}: a generated organization has no unit {unit!r}") from error
    if trouble:
        TROUBLES[trouble](world, account)


def _check_new(world: World, account: Account, table: Table) -> None:
    if account.id in world.accounts:
        raise ScenarioError(f"{table.where}: another account has the id {account.id}")


def _accounts(world: World, top: Table) -> None:
    units = {}
    for table in top.tables("account"):
        account = _account(world, table)
        _check_new(world, account, table)
        world.accounts[account.id] = account
        units[account.id] = table.text("unit", "")
        caller = table.text("caller", "")
        if caller:
            _offer(world, account.name, account, caller, table)
        table.finish()
    organization = top.table("organization")
    if organization is not None:
        _organization(world, organization, units)
        organization.finish()


def _offer(world: World, name: str, account: Account, caller: str, table: Table) -> None:
    world.named[name] = (account.id, caller)
    try:
        Control(world).credentials(name)
    except UnknownName as error:
        raise ScenarioError(f"{table.where}: caller: {error}") from error


def _shares(table: Table) -> Shares:
    shares = Shares(**{name: table.number(name, 0.0) for name in table.names_within(Shares.__slots__)})
    table.finish()
    return shares


def _account(world: World, table: Table) -> Account:
    account_id, name = table.text("id"), table.text("name")
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ScenarioError(f"{table.where}: id must be 12 digits")
    partition = table.choice("partition", PARTITIONS, "aws")
    now = world.clock.now()
    account = new_account(account_id, name, partition, now - (table.ago("age", now) or 900 * DAY))
    account.state = table.choice("state", ACCOUNT_STATES, "ACTIVE")
    account.alias = table.text("alias", "") or None
    account.tags = tuple(sorted(table.texts_by_name("tags").items()))
    account.report_seconds = table.duration("report_takes") or 0.0
    for user in table.tables("user"):
        add_user(world, account, user.text("name"), user.texts("actions", ("*",)))
        user.finish()
    account.roles = tuple(_role(role) for role in table.tables("role"))
    account.service_control_denies = tuple(_deny(deny) for deny in table.tables("service_control_deny"))
    past = tuple(_past_key(key, now) for key in table.tables("root_key"))
    set_past(world, account, past, table.duration("report"))
    return account


def _role(table: Table) -> Role:
    role = Role(
        table.text("name"), table.texts("trusts"), table.texts("actions", ("*",)), table.text("external_id", "") or None
    )
    table.finish()
    return role


def _deny(table: Table) -> ServiceControlDeny:
    deny = ServiceControlDeny(
        table.texts("actions", ("*",)),
        root_only=table.flag("root_only", default=True),
        exempts_root_sessions=table.flag("exempts_root_sessions", default=False),
    )
    table.finish()
    return deny


def _past_key(table: Table, now: float) -> PastKey:
    key = PastKey(
        table.ago("created", now) or 0.0,
        table.ago("deactivated", now),
        table.ago("deleted", now),
        table.ago("last_used", now),
        table.text("region", "N/A"),
        table.text("service", "N/A"),
    )
    table.finish()
    return key


def _organization(world: World, table: Table, units: dict[str, str]) -> None:
    management = _by_name(world, table, table.text("management"))
    organization = new_organization(world, management, table.texts("units", ()))
    for account_id, unit in units.items():
        account = world.accounts[account_id]
        if account is not management and account.partition == management.partition:
            _join(organization, account, unit, table)
    delegates = tuple(_by_name(world, table, name) for name in table.texts("delegated_administrators", ()))
    features = frozenset(table.choices("features", FEATURES))
    if features or delegates:
        enable_central_access(world, organization, features, delegates)
    organization.service_control.set_enabled(enabled=table.flag("service_control_policies", default=False))
    organization.empty_page_every = table.integer("empty_page_every", 0)


def _join(organization: Organization, account: Account, unit: str, table: Table) -> None:
    try:
        join(organization, account, unit)
    except StopIteration as error:
        raise ScenarioError(f"{table.where}: units has no {unit!r}, which account {account.name} stands in") from error


def _by_name(world: World, table: Table, name: str) -> Account:
    for account in world.accounts.values():
        if account.name == name:
            return account
    raise ScenarioError(f"{table.where}: no account has the name {name!r}")
