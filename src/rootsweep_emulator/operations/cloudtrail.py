"""LookupEvents, and what a call leaves for it in CloudTrail (CloudTrail API reference)."""

import json
from datetime import datetime
from typing import Any, Final

from rootsweep_emulator.access.callers import (
    Caller,
    RoleCaller,
    RootKeyCaller,
    RootSessionCaller,
    UserCaller,
    arn_of,
    role_arn,
    user_id_of,
)
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, moment, page_of
from rootsweep_emulator.state.account import HOME_REGION
from rootsweep_emulator.trail import Event

PAGE: Final = 50
"""The most events of a page, and how many there are where the call does not say."""

HISTORY: Final = 90 * 86400
"""Seconds that events can be looked up for: 90 days."""

_VERSION: Final = "1.11"
_READS: Final = ("Get", "List", "Describe", "Lookup", "Head", "Assume", "Generate")
"""How the names of read events begin. Assumption: AssumeRoot is one, as AssumeRole is; so is GenerateCredentialReport."""

_SHOWN: Final = {
    "AssumeRoot": ("Credentials", ("AccessKeyId", "Expiration")),
    "CreateAccessKey": ("AccessKey", ("UserName", "AccessKeyId", "Status", "CreateDate")),
}
"""What events show of the answers that make credentials, without the secret parts.

IAM User Guide, "Track privileged tasks in CloudTrail"; the event of a CreateAccessKey for oneself has no userName.
"""


def lookup_events(call: Call) -> Answer:
    """List the account's events in the Region of the call, newest first. Assumption: they can be looked up at once."""
    attributes = call.parameters.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise ServiceError("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
    start, end = _time(call, "StartTime", 0.0), _time(call, "EndTime", call.now)
    if start > end:
        raise ServiceError("InvalidTimeRangeException", "The start time must not be after the end time.")
    start = max(start, call.now - HISTORY)
    found = [
        event
        for event in call.world.trail.events(call.account.id)
        if event.region == call.region and start <= event.at <= end and all(_has(event, attribute) for attribute in attributes)
    ]
    if "EventCategory" in call.parameters:
        found = []
    events, token = page_of(call, found, most=call.parameters.get("MaxResults", PAGE))
    answer: Answer = {"Events": [_described(event) for event in events]}
    return answer if token is None else answer | {"NextToken": token}


def _time(call: Call, member: str, default: float) -> float:
    given = call.parameters.get(member)
    return default if given is None else given.timestamp()


def _has(event: Event, attribute: dict[str, str]) -> bool:
    """Return whether an event has an attribute; events have no resources here."""
    members = _members(event)
    return members.get(attribute["AttributeKey"]) == attribute["AttributeValue"]


def _members(event: Event) -> dict[str, str]:
    return {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": "true" if _is_read(event) else "false",
        "AccessKeyId": event.caller.key_id,
        "EventSource": event.source,
        "Username": _user_name(event.caller),
    }


def _described(event: Event) -> Answer:
    document = json.dumps(_document(event), separators=(",", ":"), default=str)
    return _members(event) | {"EventTime": moment(event.at), "Resources": [], "CloudTrailEvent": document}


def _is_read(event: Event) -> bool:
    return event.name.startswith(_READS)


def _user_name(caller: Caller) -> str:
    """Return the Username: ``root`` in the API reference's example. Assumption: a role's is the name of its session."""
    match caller:
        case UserCaller(_, user):
            return user.name
        case RoleCaller(_, _, session_name):
            return session_name
        case _:
            return "root"


def _document(event: Event) -> dict[str, Any]:
    """Write an event as CloudTrail does (CloudTrail User Guide, "CloudTrail record contents").

    An error's code is that of the API. Assumption: of the services that spell AccessDenied otherwise too.
    """
    account_id = event.caller.account.id
    document: dict[str, Any] = {
        "eventVersion": _VERSION,
        "userIdentity": _identity(event.caller),
        "eventTime": _time_text(event.at),
        "eventSource": event.source,
        "eventName": event.name,
        "awsRegion": event.region,
        "sourceIPAddress": "127.0.0.1",
    }
    if event.error is not None:
        document |= {"errorCode": event.error[0], "errorMessage": event.error[1]}
    return document | {
        "requestParameters": None if event.parameters is None else _lower_camel(event.parameters),
        "responseElements": None if event.response is None else _lower_camel(_shown(event.name, event.response)),
        "eventID": event.id,
        "readOnly": _is_read(event),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account_id,
        "eventCategory": "Management",
    }


def _identity(caller: Caller) -> dict[str, Any]:
    """Write who called (CloudTrail User Guide, "CloudTrail userIdentity element").

    A root session has a sessionContext of attributes alone, as in the IAM User Guide, "Track privileged tasks in CloudTrail";
    a long-term root key has none, and a userName only where the account has an alias.
    """
    identity: dict[str, Any] = {
        "type": "Root",
        "principalId": user_id_of(caller),
        "arn": arn_of(caller),
        "accountId": caller.account.id,
        "accessKeyId": caller.key_id,
    }
    match caller:
        case RootKeyCaller(account):
            return identity if account.alias is None else identity | {"userName": account.alias}
        case RootSessionCaller():
            return identity | {"sessionContext": _session(caller.issued_at)}
        case UserCaller(_, user):
            return identity | {"type": "IAMUser", "principalId": user_id_of(caller), "userName": user.name}
        case RoleCaller(account, role):
            issuer = {
                "type": "Role",
                "principalId": user_id_of(caller).partition(":")[0],
                "arn": role_arn(account, role.name),
                "accountId": account.id,
                "userName": role.name,
            }
            context = {"sessionIssuer": issuer} | _session(caller.issued_at)
            return identity | {"type": "AssumedRole", "sessionContext": context}


def _session(issued_at: float) -> dict[str, Any]:
    return {"attributes": {"creationDate": _time_text(issued_at), "mfaAuthenticated": "false"}}


def _time_text(at: float) -> str:
    return f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"


def _shown(operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    member, names = _SHOWN[operation]
    return {member: {name: value for name, value in answer.get(member, {}).items() if name in names}}


def _lower_camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _lower_camel(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_lower_camel(item) for item in value]
    return _written(value) if isinstance(value, datetime) else value


def _written(at: datetime) -> str:
    """Write a time as CloudTrail writes those of requests and answers: ``Oct 25, 2024, 9:07:11 PM``."""
    return f"{at:%b} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"  # noqa: PLR2004


_ROOT: Final = (RootKeyCaller, RootSessionCaller)
_GLOBAL_SERVICES: Final = frozenset({"iam", "organizations"})
"""CloudTrail User Guide, "Global service events": their events are in one Region."""

_UNRECORDED: Final = frozenset({"s3", "sns", "events"})
"""Services whose calls here are data events, which are not in the event history (CloudTrail User Guide, "Data events")."""

_SHOWN_OF_RECORDING: Final = frozenset({"AssumeRoot", "CreateAccessKey"})


def is_recorded(call: Call) -> bool:
    """Return whether the call is a root user's, or opens a root session."""
    return (isinstance(call.caller, _ROOT) and call.service not in _UNRECORDED) or call.operation == "AssumeRoot"


def record(call: Call, answer: Answer | None, error: ServiceError | None) -> None:
    """Record a call with its answer or its error, in the account and the Region that it was made in.

    What can be worked out when the event is looked up is left until then: every call of a root session comes by here.
    """
    trail, account = call.world.trail, call.caller.account
    event = Event(
        next(trail.serials),
        call.now,
        call.caller,
        HOME_REGION[account.partition] if call.service in _GLOBAL_SERVICES else call.region,
        f"{call.service}.amazonaws.com",
        call.operation,
        call.parameters or None,
        answer if call.operation in _SHOWN_OF_RECORDING else None,
        None if error is None else (error.code, error.message),
    )
    trail.add(account.id, event)
