"""The model as a record of the contract, and back: what is read equals what was written."""

from datetime import timedelta

import msgspec

from rootsweep.model.evidence import LastUse, LastUsed, NoLastUse
from rootsweep.model.organization import Account
from rootsweep.model.remediation import Action, ActionKind, Guards, HeldBack, Plan, PlannedKey
from rootsweep.planfile.records import (
    SCHEMA,
    AccountRecord,
    ActionRecord,
    GuardsRecord,
    HeldBackRecord,
    KeyRecord,
    LastUsedRecord,
    PlanRecord,
    ToolRecord,
)


def record_of(plan: Plan, digest: str) -> PlanRecord:
    """Give the record of a plan. Half of a surrogate pair in a name, which no JSON can carry, is escaped."""
    return PlanRecord(
        schema=SCHEMA,
        digest=digest,
        tool=ToolRecord("rootsweep", plan.tool_version),
        created_at=plan.created_at,
        expires_at=plan.expires_at,
        as_of=plan.as_of,
        organization_id=plan.organization_id,
        partition=plan.partition,
        accounts=plan.accounts,
        unread=plan.unread,
        incomplete_because=plan.incomplete_because,
        guards=_record_of_guards(plan.guards),
        actions=tuple(
            ActionRecord(action.kind, _record_of_key(action.key), action.preconditions, action.runbook)
            for action in plan.actions
        ),
        held_back=tuple(
            HeldBackRecord(_record_of_key(held.key), held.reason, held.message, held.release) for held in plan.held_back
        ),
    )


def plan_of(record: PlanRecord) -> Plan:
    """Give the plan of a record; raises ``ValueError`` for one that contradicts itself."""
    try:
        plan = Plan(
            tool_version=record.tool.version,
            created_at=record.created_at,
            as_of=record.as_of,
            organization_id=record.organization_id,
            partition=record.partition,
            accounts=record.accounts,
            guards=_guards_of(record.guards),
            actions=tuple(_action_of(one) for one in record.actions),
            held_back=tuple(HeldBack(_key_of(one.key), one.reason, one.message, one.release) for one in record.held_back),
            unread=record.unread,
            incomplete_because=record.incomplete_because,
        )
        if plan.expires_at != record.expires_at:
            raise ValueError("it expires at another time than its guards allow")
    except OverflowError as error:
        raise ValueError("its times are beyond what can be counted") from error
    return plan


def _record_of_guards(guards: Guards) -> GuardsRecord:
    return GuardsRecord(
        min_idle_seconds=_seconds(guards.min_idle),
        min_age_seconds=_seconds(guards.min_age),
        max_accounts=guards.max_accounts,
        max_share=guards.max_share,
        valid_for_seconds=_seconds(guards.valid_for),
        allow_recent=guards.allow_recent,
    )


def _seconds(span: timedelta) -> int:
    whole = span // timedelta(seconds=1)
    if timedelta(seconds=whole) != span:
        raise ValueError(f"{span} is not a whole number of seconds")
    return whole


def _guards_of(record: GuardsRecord) -> Guards:
    return Guards(
        min_idle=timedelta(seconds=record.min_idle_seconds),
        min_age=timedelta(seconds=record.min_age_seconds),
        max_accounts=record.max_accounts,
        max_share=record.max_share,
        valid_for=timedelta(seconds=record.valid_for_seconds),
        allow_recent=record.allow_recent,
    )


def _action_of(record: ActionRecord) -> Action:
    if record.kind is ActionKind.DELETE_KEY and record.key.id is None:
        raise ValueError("it deletes a key without an id")
    return Action(record.kind, _key_of(record.key), record.preconditions, record.runbook)


def _record_of_key(key: PlannedKey) -> KeyRecord:
    account = key.account
    name = None if account.name is None else account.name.encode("utf-8", "backslashreplace").decode("utf-8")
    used = key.last_use if isinstance(key.last_use, LastUsed) else None
    return KeyRecord(
        account=AccountRecord(account.id, name, account.partition, account.state, account.is_management_account, account.path),
        id=key.id,
        slot=key.slot,
        status=key.status,
        created_at=key.created_at,
        last_rotated_at=key.last_rotated_at,
        last_used=None if used is None else LastUsedRecord(used.at, used.region, used.service),
        last_used_status=key.last_use.value if isinstance(key.last_use, NoLastUse) else "recorded",
    )


def _key_of(record: KeyRecord) -> PlannedKey:
    return PlannedKey(
        account=msgspec.convert(record.account, Account, from_attributes=True),
        id=record.id,
        slot=record.slot,
        status=record.status,
        created_at=record.created_at,
        last_rotated_at=record.last_rotated_at,
        last_use=_last_use_of(record),
    )


def _last_use_of(record: KeyRecord) -> LastUse:
    match record.last_used_status, record.last_used:
        case "recorded", LastUsedRecord(at=at, region=region, service=service):
            return LastUsed(at, region, service)
        case "never_recorded", None:
            return NoLastUse.NEVER_RECORDED
        case "unknown", None:
            return NoLastUse.UNKNOWN
        case _:
            raise ValueError("its last use and the status of that contradict each other")
