"""Both REST protocols, against botocore's own serialisers and parsers, with values made from the service models."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from botocore.awsrequest import HeadersDict
from botocore.model import OperationModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.http import Request
from rootsweep_emulator.protocol.answers import failure, success, validate
from rootsweep_emulator.protocol.rest import find_route, read_rest
from rootsweep_emulator.protocol.service import Service, service
from tests.emulator.shape_values import values
from tests.receivers import RECEIVERS

NAMES = ("securityhub", "s3")
EMULATED = [pytest.param(name, operation, id=f"{name}-{operation}") for name, operation in RECEIVERS if name in NAMES]
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
REQUEST_ID = "00000000-0000-4000-8000-000000000001"
WIRE_TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=","), min_size=1, max_size=12)


def model_of(its_service: Service, name: str) -> OperationModel:
    found = its_service.operation(name)
    assert found is not None
    return found


def located(shape: Any) -> dict[str, Any]:
    """Give the members that stand in the path, the query or the headers, as texts that a header can hold."""
    return {
        name: WIRE_TEXT
        for name, member in shape.members.items()
        if "location" in member.serialization and member.type_name == "string" and not member.metadata.get("enum")
    }


def sent(its_service: Service, operation: OperationModel, parameters: dict[str, Any]) -> Request:
    serializer = create_serializer(its_service.model.metadata["protocol"], include_validation=False)
    serialized: Any = serializer.serialize_to_request(parameters, operation)
    path, _, literal = serialized["url_path"].partition("?")
    query = "&".join(filter(None, (literal, urlencode(serialized["query_string"], quote_via=quote))))
    headers = {name.lower(): str(value) for name, value in serialized["headers"].items()}
    body = serialized["body"]
    return Request(serialized["method"], path, query, headers, body if isinstance(body, bytes) else str(body).encode())


@pytest.mark.parametrize(("name", "operation"), EMULATED)
@FEW
@given(data=st.data())
def test_requests_are_understood(name: str, operation: str, data: st.DataObject) -> None:
    model = model_of(service(name), operation)
    shape: Any = model.input_shape
    if name == "s3":
        drawn = data.draw(st.fixed_dictionaries(located(shape)))
        drawn |= {"Body": data.draw(st.binary(max_size=20))} if "Body" in shape.members else {}
    else:
        drawn = data.draw(values(shape))
    route = find_route(
        (model_of(service(one), its) for one, its in RECEIVERS if one == name), sent(service(name), model, drawn)
    )
    assert route is not None
    assert route.operation.name == operation
    parameters = read_rest(route, sent(service(name), model, drawn))
    assert {key: parameters.get(key) for key in drawn} == drawn
    if name != "s3":
        validate(shape, parameters)


@pytest.mark.parametrize(("name", "operation"), EMULATED)
@FEW
@given(data=st.data())
def test_answers_are_understood(name: str, operation: str, data: st.DataObject) -> None:
    model = model_of(service(name), operation)
    shape: Any = model.output_shape
    in_body = {key: values(member) for key, member in shape.members.items() if "location" not in member.serialization}
    drawn = data.draw(st.fixed_dictionaries(in_body | located(shape)))
    drawn |= {"Body": b"an object"} if "Body" in drawn else {}
    body = success(service(name), model, drawn, REQUEST_ID)
    parser = create_parser(service(name).model.metadata["protocol"])
    headers = HeadersDict(dict(body.headers))
    parsed: dict[str, Any] = parser.parse({"status_code": 200, "headers": headers, "body": body.content}, shape)
    assert drawn.get("Body", body.content) == body.content
    for key in drawn.keys() - {"Body", "ContentType"}:
        assert parsed.get(key) == drawn[key]


@pytest.mark.parametrize("name", NAMES)
def test_errors_are_understood(name: str) -> None:
    body = failure(service(name), ServiceError("AccessDenied", "a < b & c"), REQUEST_ID)
    parser = create_parser(service(name).model.metadata["protocol"])
    headers = HeadersDict(dict(body.headers))
    shape: Any = None  # the shape of an answer, which an error has none of
    parsed: dict[str, Any] = parser.parse({"status_code": body.status, "headers": headers, "body": body.content}, shape)
    code = "AccessDeniedException" if name == "securityhub" else "AccessDenied"
    assert (parsed["Error"]["Code"], parsed["Error"]["Message"], body.status) == (code, "a < b & c", 403)
