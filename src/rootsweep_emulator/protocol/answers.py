"""Whole bodies for each protocol: parameters, validated by the service's model, answers, and error envelopes."""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import ListShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator

from rootsweep_emulator.errors import ServiceError, spelling, status_of
from rootsweep_emulator.protocol.json import json_answer, parse_json
from rootsweep_emulator.protocol.query import ec2_answer, parse_query, xml_answer
from rootsweep_emulator.protocol.rest import Headers, json_body, json_error, rest_headers, xml_body, xml_error
from rootsweep_emulator.protocol.service import Service


@dataclass(frozen=True, slots=True)
class Body:
    """The HTTP status, content type, bytes and further headers of an answer."""

    status: int
    content_type: str
    content: bytes
    headers: Headers = ()


def read_form(body: bytes) -> dict[str, str]:
    """Read the form of a request in the query or EC2 protocol.

    Raises:
        ServiceError: the body is not a form in UTF-8.
    """
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError as error:
        raise ServiceError("MalformedInput", "the body is not a form") from error


def read_parameters(service: Service, operation: OperationModel, body: bytes, form: dict[str, str]) -> dict[str, Any]:
    """Read the parameters of a request; ``form`` is its form already, where the service takes forms."""
    shape = operation.input_shape
    return parse_query(shape, form, is_ec2=service.is_ec2) if service.is_query else parse_json(shape, body)


def success(service: Service, operation: OperationModel, answer: dict[str, Any], request_id: str) -> Body:
    """Write the answer of an operation."""
    if service.is_rest:
        return _rest_success(service, operation, answer)
    if service.is_ec2:
        return Body(200, "text/xml", ec2_answer(operation, service.namespace, answer, request_id))
    if service.is_query:
        return Body(200, "text/xml", xml_answer(operation, service.namespace, answer, request_id))
    return Body(200, "application/x-amz-json-1.1", json_answer(answer))


def _rest_success(service: Service, operation: OperationModel, answer: dict[str, Any]) -> Body:
    headers = rest_headers(operation, answer)
    if service.is_rest_xml:
        its_own = next((text for name, text in headers if name == "Content-Type"), "application/xml")
        others = tuple((name, text) for name, text in headers if name != "Content-Type")
        return Body(200, its_own, xml_body(operation, service.namespace, answer), others)
    return Body(200, "application/json", json_body(operation, answer), headers)


def failure(service: Service, error: ServiceError, request_id: str) -> Body:
    """Write an error envelope, with its HTTP status: the error's own, else the model's, else the common one."""
    code = spelling(service.name, error.code)
    status = error.status or service.statuses.get(code) or status_of(service.name, code)
    if service.is_rest_xml:
        return Body(status, "application/xml", xml_error(code, error.message, request_id))
    if service.is_rest:
        content, headers = json_error(code, error.message)
        return Body(status, "application/json", content, headers)
    if not service.is_query:
        members = {"__type": code, "Message": error.message, "Reason": error.reason}
        document = {name: value for name, value in members.items() if value is not None}
        return Body(status, "application/x-amz-json-1.1", json.dumps(document).encode())
    message = "" if error.message is None else f"<Message>{escape(error.message)}</Message>"
    if service.is_ec2:
        errors = f"<Errors><Error><Code>{escape(code)}</Code>{message}</Error></Errors>"
        return Body(status, "text/xml", f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>".encode())
    blame = "Sender" if status < 500 else "Receiver"  # noqa: PLR2004  HTTP's own classes
    envelope = (
        f'<ErrorResponse xmlns="{service.namespace}"><Error><Type>{blame}</Type><Code>{escape(code)}</Code>{message}</Error>'
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return Body(status, "text/xml", envelope.encode())


_VALIDATOR: Final = ParamValidator()


def validate(shape: StructureShape | None, parameters: dict[str, Any]) -> None:
    """Check names, required members, types, lengths, ranges and enumerations.

    Raises:
        ServiceError: the first thing that does not hold. The texts for missing members and ranges follow IAM's; AWS's checks of
            patterns are not repeated here.
    """
    if shape is None:
        if parameters:
            raise ServiceError("ValidationError", f"unknown parameter: {next(iter(parameters))}")
        return
    for required in shape.required_members:
        if required not in parameters:
            raise _violation("null", required, "Member must not be null")
    if not parameters:
        return
    found = _VALIDATOR.validate(parameters, shape)
    if found.has_errors():
        raise ServiceError("ValidationError", found.generate_report().splitlines()[0])
    for name, value in parameters.items():
        _check(shape.members[name], name, value)


def _check(shape: Shape, name: str, value: Any) -> None:
    if isinstance(shape, StructureShape):
        for member, item in value.items():
            _check(shape.members[member], f"{name}.{member}", item)
        return
    most = shape.metadata.get("max")
    if isinstance(value, str):
        if most is not None and len(value) > most:
            raise _violation(value, name, f"Member must have length less than or equal to {most}")
        allowed = shape.metadata.get("enum")
        if allowed and value not in allowed:
            raise _violation(value, name, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    elif isinstance(value, int) and most is not None and value > most:
        raise _violation(str(value), name, f"Member must have value less than or equal to {most}")
    elif isinstance(shape, ListShape):
        for index, item in enumerate(value, start=1):
            _check(shape.member, f"{name}.{index}", item)


def _violation(value: str, name: str, constraint: str) -> ServiceError:
    shown = value if value == "null" else f"'{value}'"
    camel = name[:1].lower() + name[1:]
    text = f"1 validation error detected: Value {shown} at '{camel}' failed to satisfy constraint: {constraint}"
    return ServiceError("ValidationError", text)
