"""Parameters of the query and EC2 protocols: a form of dotted names, as botocore's models describe it.

They differ in names: the EC2 protocol has its own (``queryName``), else capitals, and every list directly in its parent.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.protocol.service import is_flattened, serialized_name


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
