"""A plan in its file, ``rootsweep.plan/1``: structs, JSON Schema, and the digest that binds it."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TextIO

import msgspec

from rootsweep.core.evidence import KeyStatus, LastUse, LastUsed, NoLastUse
from rootsweep.core.organization import Account, AccountState
from rootsweep.core.removal.plan import Action, ActionKind, Guards, HeldBack, HeldBackReason, Plan, PlannedKey, Precondition
from rootsweep.errors import UsageError

# The public contract ``rootsweep.plan/1``, as structs of its own.
#
# Times are RFC 3339 in UTC, spans are whole seconds; what is absent is null, never left out. Every key is known to the
# version that reads it: a plan that says more than its reader understands is refused, so that no guard of it goes unnoticed.

SCHEMA: Final = "rootsweep.plan/1"

Time = Annotated[datetime, msgspec.Meta(tz=True)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**13)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings that all records share."""


class ToolRecord(Record, frozen=True):
    """The program that made the plan."""

    name: str
    version: str


class AccountRecord(Record, frozen=True):
    """An account, and where it stands in its organization."""

    id: str
    name: str | None
    partition: str | None
    state: AccountState | None
    is_management_account: bool
    path: str | None


class LastUsedRecord(Record, frozen=True):
    """When, where and by which service a key was last used."""

    at: Time
    region: str | None
    service: str | None


class KeyRecord(Record, frozen=True):
    """A key of a plan; ``last_used`` is there where ``last_used_status`` is ``recorded``, and only there."""

    account: AccountRecord
    id: str | None
    slot: int | None
    status: KeyStatus
    created_at: Time | None
    last_rotated_at: Time | None
    last_used: LastUsedRecord | None
    last_used_status: Literal["recorded", "never_recorded", "unknown"]


class ActionRecord(Record, frozen=True):
    """What is to be done with a key."""

    kind: ActionKind
    key: KeyRecord
    preconditions: tuple[Precondition, ...]
    runbook: tuple[str, ...]


class HeldBackRecord(Record, frozen=True):
    """A key that is left alone."""

    key: KeyRecord
    reason: HeldBackReason
    message: str
    release: str | None


class GuardsRecord(Record, frozen=True):
    """What a key must satisfy to be planned for deletion, and how many accounts a plan may touch."""

    min_idle_seconds: Seconds
    min_age_seconds: Seconds
    max_accounts: Count
    max_share: Share
    valid_for_seconds: Seconds
    allow_recent: tuple[str, ...]


class PlanRecord(Record, frozen=True):
    """A plan; ``digest`` is SHA-256, in hexadecimal, of all else: JSON in UTF-8 with sorted keys and without spaces."""

    schema: Literal["rootsweep.plan/1"]
    digest: str
    tool: ToolRecord
    created_at: Time
    expires_at: Time
    as_of: Time
    organization_id: str | None
    partition: str | None
    accounts: Count
    unread: tuple[str, ...]
    incomplete_because: str | None
    guards: GuardsRecord
    actions: tuple[ActionRecord, ...]
    held_back: tuple[HeldBackRecord, ...]


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a plan, as the package ships it in ``rootsweep.plan-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(PlanRecord),
    }


_SCHEMA_OF_ANY_VERSION: Final = SCHEMA.partition("/")[0] + "/"
_PLAN_ANEW: Final = "make a new one with `rootsweep plan`"


def digest_of(plan: Plan) -> str:
    """Return the SHA-256 digest of a plan, in hexadecimal: that of its canonical JSON without the digest itself."""
    return _digest(_document(plan, ""))


def write_plan(plan: Plan, stream: TextIO) -> None:
    """Write a plan with its digest, indented by two, in ASCII: no name can act on a terminal, and every encoding carries it."""
    json.dump(_document(plan, digest_of(plan)), stream, indent=2)
    stream.write("\n")


def read_plan(path: Path) -> tuple[Plan, str]:
    """Read a plan and its digest.

    Raises ``UsageError`` for a file that cannot be read or is no plan, for a plan of another version, and for one whose digest
    does not fit: it was changed since it was shown.
    """
    document = _parsed(path)
    if document["schema"] != SCHEMA:
        raise UsageError(
            f"{path} is a plan of another version of rootsweep: its schema is {document['schema']!r}, not {SCHEMA!r}",
            f"carry it out with the version that made it, or {_PLAN_ANEW}",
        )
    digest = document.get("digest")
    try:
        fits = digest == _digest(document)
        record = msgspec.convert(document, PlanRecord) if fits else None
        plan = None if record is None else plan_of(record)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} holds what this version of rootsweep does not understand", _PLAN_ANEW) from error
    if plan is None:
        raise UsageError(f"{path} was changed since it was made: its digest does not fit", f"never edit a plan, {_PLAN_ANEW}")
    return plan, str(digest)


def _parsed(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file that claims to be a plan of any version."""
    try:
        document = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"cannot read the plan {path}: {error.strerror}", "name the file that `rootsweep plan` wrote"
        ) from error
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not str(document.get("schema")).startswith(_SCHEMA_OF_ANY_VERSION):
        raise UsageError(f"{path} is not a plan of rootsweep", "name the file that `rootsweep plan` wrote")
    return document


def _document(plan: Plan, digest: str) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(record_of(plan, digest))
    return document


def _digest(document: dict[str, Any]) -> str:
    others = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(others, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# The model as a record of the contract, and back: what is read equals what was written.


def record_of(plan: Plan, digest: str) -> PlanRecord:
    """Return the record of a plan. Half of a surrogate pair in a name, which no JSON can carry, is escaped."""
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
    """Return the plan of a record; raises ``ValueError`` for one that contradicts itself."""
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
