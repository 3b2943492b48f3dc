"""Answers of the query and EC2 protocols: XML, element by element as botocore's models describe it."""

import base64
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from rootsweep.emulator.protocol.service import is_flattened, serialized_name


def xml_answer(operation: OperationModel, namespace: str, answer: dict[str, Any], request_id: str) -> bytes:
    """Write an answer, with the request id in its ResponseMetadata."""
    name = operation.name
    parts = [f'<{name}Response xmlns="{namespace}">']
    shape = operation.output_shape
    if shape is not None:
        write_element(shape, answer, shape.serialization.get("resultWrapper", f"{name}Result"), parts)
    parts.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>")
    return "".join(parts).encode()


def ec2_answer(operation: OperationModel, namespace: str, answer: dict[str, Any], request_id: str) -> bytes:
    """Write an answer of the EC2 protocol: members directly in the response, beside the request id (EC2 Developer Guide)."""
    parts = [f'<{operation.name}Response xmlns="{namespace}"><requestId>{request_id}</requestId>']
    shape = operation.output_shape
    if shape is not None:
        for member, item in answer.items():
            member_shape = shape.members[member]
            write_element(member_shape, item, serialized_name(member_shape, member), parts)
    parts.append(f"</{operation.name}Response>")
    return "".join(parts).encode()


def write_element(shape: Shape, value: Any, name: str, parts: list[str]) -> None:
    """Add a value to the parts of a document, as an element of this name."""
    if isinstance(shape, StructureShape):
        parts.append(f"<{name}>")
        members = shape.members
        for member, item in value.items():
            member_shape = members[member]
            write_element(member_shape, item, serialized_name(member_shape, member), parts)
        parts.append(f"</{name}>")
    elif isinstance(shape, ListShape):
        _write_list(shape, value, name, parts)
    elif isinstance(shape, MapShape):
        _write_map(shape, value, name, parts)
    else:
        parts.append(f"<{name}>{_text(shape, value)}</{name}>")


def _write_list(shape: ListShape, value: list[Any], name: str, parts: list[str]) -> None:
    if is_flattened(shape):
        for item in value:
            write_element(shape.member, item, name, parts)
        return
    member = serialized_name(shape.member, "member")
    parts.append(f"<{name}>")
    for item in value:
        write_element(shape.member, item, member, parts)
    parts.append(f"</{name}>")


def _write_map(shape: MapShape, value: dict[str, Any], name: str, parts: list[str]) -> None:
    entry = name if is_flattened(shape) else "entry"
    key_name, value_name = serialized_name(shape.key, "key"), serialized_name(shape.value, "value")
    if not is_flattened(shape):
        parts.append(f"<{name}>")
    for key, item in value.items():
        parts.append(f"<{entry}><{key_name}>{escape(key)}</{key_name}>")
        write_element(shape.value, item, value_name, parts)
        parts.append(f"</{entry}>")
    if not is_flattened(shape):
        parts.append(f"</{name}>")


def _text(shape: Shape, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return escape(value) if shape.type_name == "string" else str(value)
