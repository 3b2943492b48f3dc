"""The query and EC2 protocols: parameters from a form of dotted names, answers in XML, as botocore's models describe them.

Their parameters differ in names: the EC2 protocol has its own (``queryName``), else capitals, and every list directly in its
parent.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.protocol.service import is_flattened, serialized_name


def parse_query(shape: StructureShape | None, form: Mapping[str, str], *, is_ec2: bool = False) -> dict[str, Any]:
    """Read the parameters of a form, without Action and Version.

    Raises:
        ServiceError: a value that cannot be read, or a name that the model lacks. AWS itself ignores such names; the emulator
            refuses them, to find a caller's slips.
    """
    fields = {name: value for name, value in form.items() if name not in {"Action", "Version"}}
    parser = _Parser(fields, is_ec2=is_ec2)
    parameters = {} if shape is None else parser.structure(shape, "")
    unknown = sorted(fields.keys() - parser.used)
    if unknown:
        raise ServiceError("ValidationError", f"unknown parameter: {unknown[0]}")
    return parameters


class _Parser:
    def __init__(self, fields: Mapping[str, str], *, is_ec2: bool) -> None:
        self.fields = fields
        self._member_name = _ec2_name if is_ec2 else serialized_name
        self._is_ec2 = is_ec2
        self.used: set[str] = set()
        self._prefixes = {prefix for name in fields if "." in name for prefix in _prefixes(name)}

    def value(self, shape: Shape, name: str) -> Any:
        """Read what stands at ``name``; None when nothing does."""
        if name in self.fields:
            self.used.add(name)
            text = self.fields[name]
            return [] if isinstance(shape, ListShape) and text == "" else _scalar(shape, text, name)
        if name not in self._prefixes:
            return None
        if isinstance(shape, StructureShape):
            return self.structure(shape, name)
        if isinstance(shape, ListShape):
            return self._list(shape, name)
        return self._map(shape, name) if isinstance(shape, MapShape) else None

    def structure(self, shape: StructureShape, prefix: str) -> dict[str, Any]:
        found = {}
        for member, member_shape in shape.members.items():
            name = self._member_name(member_shape, member)
            value = self.value(member_shape, f"{prefix}.{name}" if prefix else name)
            if value is not None:
                found[member] = value
        return found

    def _list(self, shape: ListShape, name: str) -> list[Any]:
        member = "" if self._is_ec2 or is_flattened(shape) else "." + serialized_name(shape.member, "member")
        found: list[Any] = []
        while (value := self.value(shape.member, f"{name}{member}.{len(found) + 1}")) is not None:
            found.append(value)
        return found

    def _map(self, shape: MapShape, name: str) -> dict[str, Any]:
        entry = "" if is_flattened(shape) else ".entry"
        found: dict[str, Any] = {}
        while True:
            prefix = f"{name}{entry}.{len(found) + 1}."
            key = self.value(shape.key, prefix + serialized_name(shape.key, "key"))
            if key is None:
                return found
            found[key] = self.value(shape.value, prefix + serialized_name(shape.value, "value"))


def _ec2_name(shape: Shape, default: str) -> str:
    name: str = shape.serialization.get("name", default)
    own: str = shape.serialization.get("queryName", name[:1].upper() + name[1:])
    return own


def _prefixes(name: str) -> Iterator[str]:
    end = name.find(".")
    while end >= 0:
        yield name[:end]
        end = name.find(".", end + 1)


def _scalar(shape: Shape, text: str, name: str) -> Any:
    try:
        match shape.type_name:
            case "integer" | "long":
                return int(text)
            case "float" | "double":
                return float(text)
            case "boolean":
                return {"true": True, "false": False}[text]
            case "timestamp":
                return datetime.fromisoformat(text)
            case "blob":
                return base64.b64decode(text, validate=True)
            case "string":
                return text
            case _:
                raise ServiceError("ValidationError", f"{name} is not a single value")
    except (ValueError, KeyError, binascii.Error) as error:
        raise ServiceError("ValidationError", f"{name} is not of type {shape.type_name}: {text!r}") from error


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
