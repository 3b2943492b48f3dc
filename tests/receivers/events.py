"""PutEvents (Amazon EventBridge API reference)."""

import json
from typing import Any, Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call
from tests.receivers.state import Bus, receivers_of

_MOST_ENTRIES: Final = 10
_MOST_BYTES: Final = 1024 * 1024
_REQUIRED: Final = ("Source", "DetailType", "Detail")


def put_events(call: Call) -> Answer:
    """Put events on buses; entries fail one by one, the call itself for what is wrong with all of it."""
    entries = call.parameters["Entries"]
    if not 1 <= len(entries) <= _MOST_ENTRIES:
        raise ServiceError("ValidationError", f"Entries must have 1 to {_MOST_ENTRIES} elements, not {len(entries)}")
    if sum(map(_size, entries)) >= _MOST_BYTES:
        raise ServiceError("ValidationError", "Total size of the entries in the request is over the limit.")
    results = [_put(call, entry) for entry in entries]
    return {"FailedEntryCount": sum("ErrorCode" in one for one in results), "Entries": results}


def bus_resource(call: Call) -> str:
    """Name the bus of the first entry, as denials do."""
    entries = call.parameters["Entries"] or [{}]
    return bus_arn(call, entries[0].get("EventBusName", "default"))


def bus_arn(call: Call, name: str) -> str:
    """Give the ARN of a bus that is named or given by its ARN."""
    account = call.account
    return name if name.startswith("arn:") else f"arn:{account.partition}:events:{call.region}:{account.id}:event-bus/{name}"


def _put(call: Call, entry: dict[str, Any]) -> dict[str, str]:
    missing = next((name for name in _REQUIRED if not entry.get(name)), None)
    if missing is not None:
        return _failed("InvalidArgument", f"Parameter {missing} is not valid. Reason: {missing} is a required argument.")
    if not _is_object(entry["Detail"]):
        return _failed("MalformedDetail", "Detail is malformed.")
    arn = bus_arn(call, entry.get("EventBusName", "default"))
    buses = receivers_of(call.world).buses
    bus = buses.setdefault(arn, Bus()) if arn.endswith("/default") else buses.get(arn)
    if bus is None:
        # Assumption: what AWS says of a bus that is not there is not documented.
        return _failed("ResourceNotFoundException", f"Event bus {arn} does not exist.")
    if bus.throttled:
        bus.throttled -= 1
        return _failed("ThrottlingException", "Rate exceeded")
    bus.events.append(entry)
    return {"EventId": f"00000000-0000-4000-a000-{next(call.world.serials):012x}"}


def _failed(code: str, message: str) -> dict[str, str]:
    return {"ErrorCode": code, "ErrorMessage": message}


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _size(entry: dict[str, Any]) -> int:
    """EventBridge User Guide, "Calculating PutEvents event entry size"."""
    texts = [entry.get(name, "") for name in _REQUIRED] + entry.get("Resources", [])
    return (14 if "Time" in entry else 0) + sum(len(text.encode()) for text in texts)
