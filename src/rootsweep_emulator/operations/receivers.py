"""The services that deliveries are sent to: EventBridge, SNS, Security Hub (their API references)."""

import json
from typing import Any, Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, page_of
from rootsweep_emulator.state.world import Bus, Finding, Hub, Publication

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
    buses = call.world.receivers.buses
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


# Publish (Amazon SNS API reference). Texts of errors are assumptions, their codes are documented.

_MOST_BYTES_OF_SNS: Final = 262_144
_LONGEST_SUBJECT: Final = 100


def publish(call: Call) -> Answer:
    """Publish a message to a topic; telephones and mobile endpoints are not there. A FIFO topic takes the same message once."""
    parameters = call.parameters
    topic = call.world.receivers.topics.get(parameters.get("TopicArn", ""))
    if topic is None:
        raise ServiceError("NotFound", "Topic does not exist")
    _check(parameters)
    deduplication_id = parameters.get("MessageDeduplicationId")
    if str(parameters["TopicArn"]).endswith(".fifo"):
        if "MessageGroupId" not in parameters or deduplication_id is None:
            raise _invalid("The MessageGroupId and MessageDeduplicationId parameters are required for FIFO topics")
        # Assumption: the five minutes of deduplication never end here.
        known = next((one for one in topic if one.parameters.get("MessageDeduplicationId") == deduplication_id), None)
        if known is not None:
            return {"MessageId": known.message_id}
    message_id = f"00000000-0000-4000-9000-{next(call.world.serials):012x}"
    topic.append(Publication(message_id, parameters))
    return {"MessageId": message_id}


def topic_resource(call: Call) -> str:
    """Name the topic, as denials do."""
    return str(call.parameters.get("TopicArn", "*"))


def _check(parameters: dict[str, str]) -> None:
    subject, message = parameters.get("Subject"), parameters["Message"]
    if subject is not None and (not subject.isprintable() or not 1 <= len(subject) < _LONGEST_SUBJECT):
        raise _invalid("Invalid parameter: Subject")
    if not message or len(message.encode()) > _MOST_BYTES_OF_SNS:
        raise _invalid("Invalid parameter: Message too long" if message else "Invalid parameter: Empty message")
    if "MessageStructure" not in parameters:
        return
    try:
        texts = json.loads(message)
    except ValueError as error:
        raise _invalid("Invalid parameter: Message Structure - JSON message body failed to parse") from error
    if parameters["MessageStructure"] != "json" or not isinstance(texts, dict) or not isinstance(texts.get("default"), str):
        raise _invalid("Invalid parameter: Message Structure - No default entry in JSON message body")


def _invalid(text: str) -> ServiceError:
    return ServiceError("InvalidParameter", text)


# BatchImportFindings and GetFindings (Security Hub API reference; User Guide, "BatchImportFindings for finding providers").
#
# Texts of errors are assumptions, their codes are documented.

MOST: Final = 100
"""The most findings of a call, and of a page."""

_MOST_BYTES_OF_FINDINGS: Final = 240 * 1024
_CUSTOMERS_OWN: Final = ("Note", "UserDefinedFields", "VerificationState", "Workflow")
"""What importing a finding again leaves as it is: its customers manage their investigation by it."""

_STATUSES: Final = frozenset({"PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"})


def batch_import_findings(call: Call) -> Answer:
    """Create findings, or update those of the same id whose UpdatedAt is earlier; one that is refused harms no other."""
    hub = _hub(call)
    findings = call.parameters["Findings"]
    if not 1 <= len(findings) <= MOST:
        raise ServiceError("ValidationError", f"Findings must have 1 to {MOST} elements, not {len(findings)}")
    failed = [error for finding in findings if (error := _import(call, hub, finding)) is not None]
    return {"FailedCount": len(failed), "SuccessCount": len(findings) - len(failed), "FailedFindings": failed}


def get_findings(call: Call) -> Answer:
    """Give the findings that the filters leave, page by page. Only filters that compare texts as EQUALS are known here."""
    findings = [finding for finding in _hub(call).findings.values() if _fits(finding, call.parameters.get("Filters", {}))]
    page, token = page_of(call, findings, most=call.parameters.get("MaxResults", MOST))
    return {"Findings": list(page)} | ({} if token is None else {"NextToken": token})


def _hub(call: Call) -> Hub:
    hub = call.world.receivers.hubs.get((call.account.id, call.region))
    if hub is None:
        raise ServiceError("InvalidAccessException", f"Account {call.account.id} is not subscribed to AWS Security Hub")
    return hub


def _import(call: Call, hub: Hub, finding: Finding) -> dict[str, str] | None:
    problem = _problem(call, finding)
    code = hub.failing.get(finding["Id"])
    if problem is not None or code is not None:
        code = code or "InvalidInput"
        return {"Id": finding["Id"], "ErrorCode": code, "ErrorMessage": problem or "The finding was not imported."}
    key = (finding["ProductArn"], finding["Id"])
    known = hub.findings.get(key)
    if known is None:
        hub.findings[key] = finding
    elif finding["UpdatedAt"] > known["UpdatedAt"]:
        kept = {name: known[name] for name in _CUSTOMERS_OWN if name in known}
        changed = {name: value for name, value in finding.items() if name not in _CUSTOMERS_OWN}
        hub.findings[key] = changed | kept
    return None


def _problem(call: Call, finding: dict[str, Any]) -> str | None:
    account, region = call.account, call.region
    product = f"arn:{account.partition}:securityhub:{region}:{account.id}:product/{account.id}/default"
    status = finding.get("Compliance", {}).get("Status", "PASSED")
    checks = (
        (finding["AwsAccountId"] != account.id, f"AwsAccountId is not that of the caller, {account.id}"),
        (finding["ProductArn"] != product, f"ProductArn is not {product}"),
        (finding["SchemaVersion"] != "2018-10-08", "SchemaVersion is not 2018-10-08"),
        (not finding.get("Types") and not finding.get("FindingProviderFields", {}).get("Types"), "Types is missing"),
        ("Severity" not in finding and "FindingProviderFields" not in finding, "Severity is missing"),
        (not 1 <= len(finding["Resources"]) <= 32, "Resources must have 1 to 32 elements"),  # noqa: PLR2004  ASFF's limit
        (status not in _STATUSES, "Compliance.Status is none of its values"),
        (len(json.dumps(finding)) > _MOST_BYTES_OF_FINDINGS, "the finding is larger than 240 KB"),
    )
    return next((text for applies, text in checks if applies), None)


def _fits(finding: Finding, filters: dict[str, list[dict[str, Any]]]) -> bool:
    return all(any(finding.get(name) == one.get("Value") for one in wanted) for name, wanted in filters.items())


def product_resource(call: Call) -> str:
    """Name the default product, as denials do (Service Authorization Reference, AWS Security Hub)."""
    return f"arn:{call.account.partition}:securityhub:{call.region}:{call.account.id}:product/{call.account.id}/default"


def hub_resource(call: Call) -> str:
    """Name the hub, as denials do."""
    return f"arn:{call.account.partition}:securityhub:{call.region}:{call.account.id}:hub/default"
