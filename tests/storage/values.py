"""Accounts and evidence for the tests of the checkpoint: fixed ones, and strategies drawn from the model's own types."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Evidence,
    KeyStatus,
    LastUsed,
    NoLastUse,
    Observed,
    Origin,
    ReportSlot,
    RootAccessKeys,
    SlotState,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.organization import Account, AccountState
from rootsweep.storage.run_identity import RunIdentity

STARTED_AT = datetime(2026, 11, 24, 8, 30, 15, 123456, tzinfo=UTC)
IDENTITY = RunIdentity("organization, access auto", "o-exampleorgid", "111122223333")


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Draw values of a type of the model, with a value for every field, so that a field which is added is covered."""
    if kind is datetime:
        # hypothesis folds times of UTC too, which means nothing and is shown.
        return st.datetimes(timezones=st.just(UTC)).map(lambda time: time.replace(fold=0))
    if kind is int:
        return st.integers(0, 2**63 - 1)
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*map(values_of, get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=3).map(tuple)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})  # type: ignore[arg-type]  # a class
    return st.from_type(kind)


def account(number: int) -> Account:
    return Account(f"{number:012}", f"Zweigstelle Ä{number} 東京", "aws", AccountState.ACTIVE, number == 1)


def evidence(number: int) -> tuple[Evidence, ...]:
    """Give four pieces of evidence, as a root session, a summary, a report and a refusal would."""
    seen_at = STARTED_AT + timedelta(seconds=number)
    origin = Origin(Access.ROOT_SESSION, seen_at, "iam:ListAccessKeys", f"6d8a8a2c-0000-4000-8000-{number:012}")
    key = AccessKey("AKIAIOSFODNN7EXAMPLE", KeyStatus.ACTIVE, STARTED_AT, LastUsed(STARTED_AT, "us-east-1", "iam"))
    slots = (
        ReportSlot(1, SlotState.ACTIVE, True, STARTED_AT, NoLastUse.NEVER_RECORDED),
        ReportSlot(2, SlotState.UNREAD, None, unreadable=("access_key_2_active",)),
    )
    return (
        Observed(RootAccessKeys((key,)), origin),
        Observed(AccountSummary(access_keys_present=True), origin),
        Observed(CredentialReport(seen_at, slots), origin),
        Unavailable(Source.CALLER_IDENTITY, UnavailableReason.ACCESS_DENIED, "allow it", origin, "AccessDenied"),
    )


CALLER = Observed(CallerIdentity(None), Origin(Access.OWN))
