"""Publish (Amazon SNS API reference). Texts of errors are assumptions, their codes are documented."""

import json
from typing import Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call
from tests.receivers.state import Publication, receivers_of

_MOST_BYTES: Final = 262_144
_LONGEST_SUBJECT: Final = 100


def publish(call: Call) -> Answer:
    """Publish a message to a topic; telephones and mobile endpoints are not there. A FIFO topic takes the same message once."""
    parameters = call.parameters
    topic = receivers_of(call.world).topics.get(parameters.get("TopicArn", ""))
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
    if not message or len(message.encode()) > _MOST_BYTES:
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
