"""The REST protocols: which operation a method and a path name, its parameters, its answers and its errors.

Each member is where botocore's models say: in the path, the query, the headers, or the body, which is JSON, XML, or the bytes
of an object.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from botocore.model import MapShape, OperationModel, Shape, StructureShape

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.http import Request
from rootsweep_emulator.protocol.json import json_answer, parse_json
from rootsweep_emulator.protocol.query import write_element
from rootsweep_emulator.protocol.service import serialized_name

_LABEL: Final = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a request is for, and the values of the labels in its path, decoded."""

    operation: OperationModel
    labels: dict[str, str]


def find_route(operations: Iterable[OperationModel], request: Request) -> Route | None:
    """Find the operation of a request; None where none has its method, path and query."""
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    for operation in operations:
        path, _, wanted = operation.http["requestUri"].partition("?")
        match = _pattern(path).fullmatch(request.path)
        is_asked = all(query.get(name) == value for name, value in parse_qsl(wanted, keep_blank_values=True))
        if match is not None and operation.http["method"] == request.method and is_asked:
            return Route(operation, {name: unquote(value) for name, value in match.groupdict().items()})
    return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_LABEL.sub(lambda label: f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})", path))


def read_rest(route: Route, request: Request) -> dict[str, Any]:
    """Read the parameters of a request.

    Raises:
        ServiceError: a value that cannot be read, or a body that is no JSON object.
    """
    shape = route.operation.input_shape
    if shape is None:
        return {}
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    payload = shape.serialization.get("payload")
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        value = _located(name, member, route.labels, query, request.headers)
        if value is not None:
            found[name] = value
    if payload is not None:
        return found | {payload: request.body}
    return found | (parse_json(shape, request.body) if request.body else {})


def _located(name: str, shape: Shape, labels: dict[str, str], query: dict[str, str], headers: Any) -> Any:
    wire = serialized_name(shape, name)
    match shape.serialization.get("location"):
        case "uri":
            return labels.get(wire)
        case "querystring":
            return None if wire not in query else _scalar(shape, query[wire], name)
        case "header":
            text = headers.get(wire.lower())
            return None if text is None else _scalar(shape, text, name)
        case "headers" if isinstance(shape, MapShape):
            prefix = wire.lower()
            return {key.removeprefix(prefix): text for key, text in headers.items() if key.startswith(prefix)} or None
        case _:
            return None


def _scalar(shape: Shape, text: str, name: str) -> Any:
    try:
        match shape.type_name:
            case "integer" | "long":
                return int(text)
            case "boolean":
                return {"true": True, "false": False}[text.lower()]
            case "timestamp" if shape.serialization.get("timestampFormat") == "iso8601":
                return datetime.fromisoformat(text)
            case "timestamp":
                return parsedate_to_datetime(text)
            case "list":
                return [item.strip() for item in text.split(",")]
            case _:
                return text
    except (ValueError, KeyError) as error:
        raise ServiceError("ValidationError", f"{name} is not of type {shape.type_name}: {text!r}") from error


Headers = tuple[tuple[str, str], ...]

_ROOTS: Final = {"ListObjectsV2": "ListBucketResult"}
"""The elements that hold an answer, where they are not named after its shape (Amazon S3 API reference)."""


def rest_headers(operation: OperationModel, answer: dict[str, Any]) -> Headers:
    """Return the headers that the answer's members stand in."""
    if operation.output_shape is None:
        return ()
    shapes = operation.output_shape.members
    return tuple(
        (serialized_name(shapes[name], name), _header_text(value))
        for name, value in answer.items()
        if shapes[name].serialization.get("location") == "header"
    )


def json_body(operation: OperationModel, answer: dict[str, Any]) -> bytes:
    """Write the members that stand in a body of JSON."""
    return json_answer(_in_body(operation.output_shape, answer))


def xml_body(operation: OperationModel, namespace: str, answer: dict[str, Any]) -> bytes:
    """Write the members that stand in a body of XML; the bytes themselves where the answer is an object, nothing for none."""
    shape = operation.output_shape
    if shape is None:
        return b""
    payload = shape.serialization.get("payload")
    if payload is not None:
        return bytes(answer.get(payload, b""))
    members = _in_body(shape, answer)
    if not members:
        return b""
    root = _ROOTS.get(operation.name, shape.name)
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">']
    for name, value in members.items():
        write_element(shape.members[name], value, serialized_name(shape.members[name], name), parts)
    parts.append(f"</{root}>")
    return "".join(parts).encode()


def json_error(code: str, message: str | None) -> tuple[bytes, Headers]:
    """Write an error envelope of REST and JSON: its code stands in a header."""
    return json.dumps({} if message is None else {"Message": message}).encode(), (("x-amzn-ErrorType", code),)


def xml_error(code: str, message: str | None, request_id: str) -> bytes:
    """Write an error envelope of Amazon S3 (Amazon S3 API reference, "Error responses")."""
    text = "" if message is None else f"<Message>{escape(message)}</Message>"
    envelope = f"<Error><Code>{escape(code)}</Code>{text}<RequestId>{request_id}</RequestId></Error>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{envelope}'.encode()


def _in_body(shape: StructureShape | None, answer: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Shape] = {} if shape is None else dict(shape.members)
    return {name: value for name, value in answer.items() if "location" not in members[name].serialization}


def _header_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_datetime(value, usegmt=True) if isinstance(value, datetime) else str(value)
