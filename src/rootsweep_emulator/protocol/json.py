"""Parameters and answers of the JSON 1.1 protocol."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StructureShape

from rootsweep_emulator.errors import ServiceError


def parse_json(shape: StructureShape | None, body: bytes) -> dict[str, Any]:
    """Read the parameters of a JSON body; names that the model lacks are kept for validation to refuse.

    Raises:
        ServiceError: the body is not a JSON object.
    """
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise ServiceError("SerializationException", "the body is not JSON") from error
    if not isinstance(document, dict):
        raise ServiceError("SerializationException", "the body is not a JSON object")
    return document if shape is None else _read(shape, document)


def _read(shape: Shape, value: Any) -> Any:
    """Turn what JSON cannot hold, times and bytes, into themselves; leave the rest for validation."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            name: _read(shape.members[name], item) if name in shape.members else item
            for name, item in value.items()
            if item is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_read(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _read(shape.value, item) for key, item in value.items()}
    if shape.type_name == "timestamp" and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if shape.type_name == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise ServiceError("SerializationException", "a blob is not base64") from error
    return value


def json_answer(answer: dict[str, Any]) -> bytes:
    """Write an answer; times as epoch seconds, bytes as base64."""
    return _ENCODE(answer).encode()


def _plain(value: Any) -> float | str:
    return value.timestamp() if isinstance(value, datetime) else base64.b64encode(value).decode()


_ENCODE: Final = json.JSONEncoder(default=_plain, separators=(",", ":")).encode
