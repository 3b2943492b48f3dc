"""A plan as text: whole outputs as golden files, and what must hold for all of them."""

import re
from dataclasses import replace
from io import StringIO
from itertools import product

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from rootsweep.core.removal.plan import Action, ActionKind, Guards, Plan, Precondition
from rootsweep.core.removal.planning import manual_runbook, self_removal_runbook
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.plan import write_plan_text
from tests.storage.plans import CREATED, KEY, MEMBER, PLAN, SLOT

DIGEST = "0123456789abcdef" * 4
PATH = "plans/my plan.json"
DELETE = Action(ActionKind.DELETE_KEY, KEY, tuple(Precondition))
MANUAL = Action(ActionKind.MANUAL_STEP, SLOT, runbook=manual_runbook(SLOT))
GOVCLOUD_KEY = replace(KEY, account=replace(MEMBER, id="222233334444", partition="aws-us-gov"))
SELF_REMOVE = Action(ActionKind.SELF_REMOVE, GOVCLOUD_KEY, runbook=self_removal_runbook(GOVCLOUD_KEY))
EVERY_KIND = replace(PLAN, actions=(MANUAL, DELETE, SELF_REMOVE))
NOTHING = replace(PLAN, guards=Guards(), actions=(), held_back=(), unread=(), incomplete_because=None, organization_id=None)
WHOLE = replace(NOTHING, actions=(DELETE,))
EXISTING = replace(SLOT, slot=None)
BY_HAND = tuple(
    Action(ActionKind.MANUAL_STEP, key, runbook=manual_runbook(key))
    for key in (replace(KEY, account=replace(MEMBER, id=f"{number:012}"), id=f"AKIA{number:016}") for number in range(5))
)
MANY = replace(
    PLAN,
    actions=(*BY_HAND, Action(ActionKind.MANUAL_STEP, EXISTING, runbook=manual_runbook(EXISTING))),
    unread=tuple(f"{number:012}" for number in range(1200)),
)
HOSTILE = replace(
    PLAN, actions=(replace(DELETE, key=replace(KEY, account=replace(MEMBER, name="\x1b[31mred\r\nright\u202eto left"))),)
)
PLANS = {"every-kind": EVERY_KIND, "nothing": NOTHING, "whole": WHOLE, "many": MANY, "hostile": HOSTILE}
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


class TextFile(SingleFileSnapshotExtension):
    """One readable golden file an output."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


def shown(plan: Plan, *, width: int = 80, colour: bool = False, unicode: bool = True) -> str:
    stream = StringIO()
    write_plan_text(plan, DIGEST, PATH, " --profile audit", stream, RenderOptions(width, colour, unicode))
    return stream.getvalue()


@pytest.mark.parametrize("name", PLANS)
def test_text(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown(PLANS[name]) == snapshot(extension_class=TextFile)


@pytest.mark.parametrize(("plan", "width"), list(product(PLANS.values(), [40, 80, 160])))
def test_a_plan_is_never_wider_than_asked_and_shows_every_key(plan: Plan, width: int) -> None:
    text = shown(plan, width=width)
    assert [line for line in text.splitlines() if cell_len(line) > width and not line.startswith("  rootsweep ")] == []
    for key in [*(action.key for action in plan.actions), *(held.key for held in plan.held_back)]:
        assert (key.id or "unknown id" if key.slot is None else f"access key {key.slot}") in " ".join(text.split())


@pytest.mark.parametrize("plan", PLANS.values())
def test_colour_is_never_the_only_sign(plan: Plan) -> None:
    coloured = shown(plan, colour=True)
    assert ESCAPE.search(coloured)
    assert [line.rstrip() for line in ESCAPE.sub("", coloured).splitlines()] == shown(plan).splitlines()


@pytest.mark.parametrize("plan", PLANS.values())
def test_no_name_acts_on_the_terminal(plan: Plan) -> None:
    assert not set(shown(plan)) & {"\x1b", "\r", "\u202e"}


def test_text_for_ascii_holds_nothing_else() -> None:
    assert shown(EVERY_KIND, unicode=False).isascii()


def test_steps_that_keys_share_are_told_once_with_words_for_the_ids() -> None:
    text = shown(MANY, width=160)
    assert text.count("steps   [1] below") == 5
    assert text.count("aws iam delete-access-key --access-key-id KEY_ID") == 2
    assert "aws iam delete-access-key --access-key-id AKIA" not in text
    exact = shown(replace(MANY, actions=BY_HAND[:1]))
    assert "aws iam delete-access-key --access-key-id AKIA0000000000000000" in exact


def test_the_commands_can_be_copied() -> None:
    text = shown(EVERY_KIND)
    for step in (*MANUAL.runbook, *SELF_REMOVE.runbook):
        for command in step.split("\n")[1:]:
            assert command in [line[10:] for line in text.splitlines()], command
    for command in ("rehearse", "quarantine on", "apply"):
        assert f"  rootsweep {command} 'plans/my plan.json' --profile audit" in text.splitlines()


def test_never_used_is_not_unknown() -> None:
    held = PLAN.held_back[0]
    assert "last use unknown" in shown(replace(NOTHING, held_back=(held,)))
    unused = replace(SLOT, id="AKIAI44QH8DHBEXAMPLE", slot=None, created_at=CREATED)
    text = " ".join(shown(replace(NOTHING, actions=(replace(DELETE, key=unused),))).split())
    assert "no use recorded since tracking began in April 2015" in text
    assert "last use unknown" not in text


def test_a_key_without_a_creation_date_is_at_least_that_old() -> None:
    assert "at least 2,016 days old" in " ".join(shown(EVERY_KIND).split())
