"""Plans for the tests of the plan file: a fixed one, and strategies drawn from the model's own types."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from rootsweep.core.evidence import KeyStatus, LastUsed, NoLastUse
from rootsweep.core.organization import Account, AccountState
from rootsweep.core.removal.plan import Action, ActionKind, Guards, HeldBack, HeldBackReason, Plan, PlannedKey, Precondition
from tests.storage.values import values_of

NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)
CREATED = datetime(2021, 5, 17, 14, 3, 27, tzinfo=UTC)
MEMBER = Account("111122223333", "Zweigstelle Ä 東京", "aws", AccountState.ACTIVE)
MANAGEMENT = Account("444455556666", "management", "aws", AccountState.ACTIVE, is_management_account=True)
KEY = PlannedKey(MEMBER, "AKIAIOSFODNN7EXAMPLE", None, KeyStatus.ACTIVE, CREATED, None, LastUsed(CREATED, "us-east-1", "iam"))
SLOT = PlannedKey(MANAGEMENT, None, 1, KeyStatus.INACTIVE, None, CREATED, NoLastUse.NEVER_RECORDED)
HELD = replace(KEY, id="AKIAI44QH8DHBEXAMPLE", last_use=NoLastUse.UNKNOWN)
PLAN = Plan(
    tool_version="0.1.0",
    created_at=NOW,
    as_of=NOW - timedelta(minutes=2),
    organization_id="o-exampleorgid",
    partition="aws",
    accounts=45,
    guards=Guards(allow_recent=("AKIAIOSFODNN7EXAMPLE",)),
    actions=(
        Action(ActionKind.MANUAL_STEP, SLOT, runbook=("Sign in.", "Delete it.\naws iam delete-access-key")),
        Action(ActionKind.DELETE_KEY, KEY, tuple(Precondition)),
    ),
    held_back=(HeldBack(HELD, HeldBackReason.LAST_USE_UNKNOWN, "its last use is not known", f"--allow-recent {HELD.id}"),),
    unread=("777788889999",),
    incomplete_because="interrupted",
)


def whole_seconds(most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(0, most).map(lambda seconds: timedelta(seconds=seconds))


def plans() -> st.SearchStrategy[Plan]:
    """Draw plans that can be made: spans are whole seconds, and what is deleted has an id."""
    guards = st.builds(
        Guards,
        min_idle=whole_seconds(10**9),
        min_age=whole_seconds(10**9),
        max_accounts=st.integers(1, 10**6),
        max_share=st.floats(0, 1),
        valid_for=whole_seconds(7 * 86400),
        allow_recent=st.lists(st.text(), max_size=3).map(tuple),
    )
    actions = values_of(Action).filter(lambda one: one.kind is not ActionKind.DELETE_KEY or one.key.id is not None)
    return st.builds(
        Plan,
        tool_version=st.text(),
        created_at=values_of(datetime).filter(lambda time: time.year < 9999),
        as_of=values_of(datetime),
        organization_id=st.none() | st.text(),
        partition=st.none() | st.text(),
        accounts=st.integers(0, 10**6),
        guards=guards,
        actions=st.lists(actions, max_size=3).map(tuple),
        held_back=st.lists(values_of(HeldBack), max_size=3).map(tuple),
        unread=st.lists(st.text(), max_size=3).map(tuple),
        incomplete_because=st.none() | st.text(),
    )
