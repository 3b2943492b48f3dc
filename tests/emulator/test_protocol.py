"""Each protocol, against botocore's own serialisers and parsers, with values made from the service models."""

from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.model import OperationModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.registry import OPERATIONS
from rootsweep_emulator.protocol.answers import failure, read_form, read_parameters, success, validate
from rootsweep_emulator.protocol.service import Service, service
from tests.emulator.shape_values import values
from tests.receivers import RECEIVERS

NAMES = sorted({name for name, _ in OPERATIONS | RECEIVERS if not service(name).is_rest})
EMULATED = [
    pytest.param(name, operation, id=f"{name}-{operation}") for name, operation in OPERATIONS | RECEIVERS if name in NAMES
]
RARELY_LARGE = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
REQUEST_ID = "00000000-0000-4000-8000-000000000001"


def model_of(its_service: Service, name: str) -> OperationModel:
    found = its_service.operation(name)
    assert found is not None
    return found


def request_round_trip(its_service: Service, operation: OperationModel, data: st.DataObject) -> None:
    shape = operation.input_shape
    given_parameters = {} if shape is None else data.draw(values(shape, fewest=int(its_service.is_ec2)))
    serializer = create_serializer(its_service.model.metadata["protocol"], include_validation=False)
    body = serializer.serialize_to_request(given_parameters, operation)["body"]
    raw = urlencode(body).encode() if isinstance(body, dict) else body
    form = read_form(raw) if its_service.is_query else {}
    parameters = read_parameters(its_service, operation, raw, form)
    assert parameters == given_parameters
    validate(shape, parameters)


def answer_round_trip(its_service: Service, operation: OperationModel, data: st.DataObject) -> None:
    shape = operation.output_shape
    answer: dict[str, Any] = {} if shape is None else data.draw(values(shape))
    body = success(its_service, operation, answer, REQUEST_ID)
    parsed = parse(its_service, operation, body.status, body.content)
    metadata = parsed.pop("ResponseMetadata")
    assert parsed == answer
    if its_service.is_query:
        assert metadata["RequestId"] == REQUEST_ID


def parse(its_service: Service, operation: OperationModel, status: int, content: bytes) -> dict[str, Any]:
    parser = create_parser(its_service.model.metadata["protocol"])
    shape: Any = operation.output_shape  # None is taken, whatever the stubs say
    parsed: dict[str, Any] = parser.parse({"status_code": status, "headers": {}, "body": content}, shape)
    return parsed


@pytest.mark.parametrize(("name", "operation"), EMULATED)
@RARELY_LARGE
@given(data=st.data())
def test_requests_of_emulated_operations_are_understood(name: str, operation: str, data: st.DataObject) -> None:
    request_round_trip(service(name), model_of(service(name), operation), data)


@pytest.mark.parametrize(("name", "operation"), EMULATED)
@RARELY_LARGE
@given(data=st.data())
def test_answers_of_emulated_operations_are_understood(name: str, operation: str, data: st.DataObject) -> None:
    answer_round_trip(service(name), model_of(service(name), operation), data)


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data())
def test_requests_of_any_operation_are_understood(name: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(service(name).model.operation_names))
    request_round_trip(service(name), model_of(service(name), operation), data)


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data())
def test_answers_of_any_operation_are_understood(name: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(service(name).model.operation_names))
    answer_round_trip(service(name), model_of(service(name), operation), data)


@pytest.mark.parametrize("name", NAMES)
def test_errors_are_understood_with_the_status_of_the_model(name: str) -> None:
    its_service = service(name)
    operation = model_of(its_service, its_service.model.operation_names[0])
    for code, status in its_service.statuses.items():
        body = failure(its_service, ServiceError(code, "a < b & c"), REQUEST_ID)
        error = parse(its_service, operation, body.status, body.content)["Error"]
        assert (error["Code"], error["Message"], body.status) == (code, "a < b & c", status)


@pytest.mark.parametrize("operation", [operation for name, operation in OPERATIONS if name == "iam"])
def test_an_unknown_member_is_refused_whatever_the_operation(operation: str) -> None:
    model = model_of(service("iam"), operation)
    with pytest.raises(ServiceError, match="unknown parameter: NoSuchMember"):
        read_parameters(service("iam"), model, b"", {"Action": operation, "NoSuchMember": "1"})


def test_lists_and_maps_are_written_as_the_api_reference_shows_them() -> None:
    model = model_of(service("iam"), "ListAccountAliases")
    assert success(service("iam"), model, {"AccountAliases": ["a&b"], "IsTruncated": False}, REQUEST_ID).content.decode() == (
        '<ListAccountAliasesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListAccountAliasesResult>'
        "<AccountAliases><member>a&amp;b</member></AccountAliases><IsTruncated>false</IsTruncated></ListAccountAliasesResult>"
        f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></ListAccountAliasesResponse>"
    )
    model = model_of(service("iam"), "GetAccountSummary")
    content = success(service("iam"), model, {"SummaryMap": {"Users": 1}}, REQUEST_ID).content.decode()
    assert "<SummaryMap><entry><key>Users</key><value>1</value></entry></SummaryMap>" in content
