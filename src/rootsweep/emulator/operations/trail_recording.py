"""What a call leaves in CloudTrail."""

from typing import Final

from rootsweep.emulator.access.callers import RootKeyCaller, RootSessionCaller
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.protocol.service import SERVICE_NAMES
from rootsweep.emulator.state.regions import HOME_REGION
from rootsweep.emulator.trail import Event

_ROOT: Final = (RootKeyCaller, RootSessionCaller)
_GLOBAL_SERVICES: Final = frozenset({"iam", "organizations"})
"""CloudTrail User Guide, "Global service events": their events are in one Region."""

_SOURCES: Final[dict[str, str]] = {name: f"{name}.amazonaws.com" for name in SERVICE_NAMES}

_UNRECORDED: Final = frozenset({"s3", "sns", "events"})
"""Services whose calls here are data events, which are not in the event history (CloudTrail User Guide, "Data events")."""

_SHOWN: Final = frozenset({"AssumeRoot", "CreateAccessKey"})


def is_recorded(call: Call) -> bool:
    """Tell whether the call is a root user's, or opens a root session."""
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
        _SOURCES[call.service],
        call.operation,
        call.parameters or None,
        answer if call.operation in _SHOWN else None,
        None if error is None else (error.code, error.message),
    )
    trail.add(account.id, event)
