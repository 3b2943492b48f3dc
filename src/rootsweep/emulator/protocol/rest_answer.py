"""Answers and errors of the REST protocols: headers, and a body of JSON, of XML, or of the bytes of an object."""

import json
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from botocore.model import OperationModel, Shape, StructureShape

from rootsweep.emulator.protocol.json_document import json_answer
from rootsweep.emulator.protocol.service import serialized_name
from rootsweep.emulator.protocol.xml_answer import write_element

Headers = tuple[tuple[str, str], ...]

_ROOTS: Final = {"ListObjectsV2": "ListBucketResult"}
"""The elements that hold an answer, where they are not named after its shape (Amazon S3 API reference)."""


def rest_headers(operation: OperationModel, answer: dict[str, Any]) -> Headers:
    """Give the headers that the answer's members stand in."""
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
