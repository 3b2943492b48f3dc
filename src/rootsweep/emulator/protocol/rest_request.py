"""Requests of the REST protocols: which operation a method and a path stand for, and its parameters.

They are where botocore's models say: in the path, the query, the headers, and the body.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from botocore.model import MapShape, OperationModel, Shape

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.protocol.json_document import parse_json
from rootsweep.emulator.protocol.service import serialized_name
from rootsweep.emulator.request import Request

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
