"""The services that the emulator speaks, each by botocore's own model of it."""

import functools
from typing import Final

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape

_S3_NAMESPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"


class Service:
    """One service: its model, and what is asked of the model at each request, looked up once.

    ``is_query`` is true of both protocols that take a form, ``is_ec2`` of the one of them that EC2 alone speaks. ``is_rest`` is
    true of both in which method and path name the operation, ``is_rest_xml`` of the one of them that S3 alone speaks.
    """

    __slots__ = (
        "_operations",
        "api_version",
        "is_ec2",
        "is_query",
        "is_rest",
        "is_rest_xml",
        "model",
        "name",
        "namespace",
        "statuses",
        "target_prefix",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.model = ServiceModel(Loader().load_service_model(name, "service-2"), name)
        metadata = self.model.metadata
        self.is_ec2 = metadata["protocol"] == "ec2"
        self.is_query = self.is_ec2 or metadata["protocol"] == "query"
        self.is_rest_xml = metadata["protocol"] == "rest-xml"
        self.is_rest = self.is_rest_xml or metadata["protocol"] == "rest-json"
        self.api_version = metadata["apiVersion"]
        self.namespace = metadata.get("xmlNamespace", _S3_NAMESPACE if self.is_rest_xml else "")
        self.target_prefix = metadata.get("targetPrefix", "")
        self.statuses = dict(_modelled_status(shape) for shape in self.model.error_shapes)
        self._operations: dict[str, OperationModel | None] = {}

    def operation(self, name: str) -> OperationModel | None:
        """Return the model of an operation; None when the service has no such operation."""
        if name not in self._operations:
            known = name in self.model.operation_names
            self._operations[name] = self.model.operation_model(name) if known else None
        return self._operations[name]


def _modelled_status(shape: Shape) -> tuple[str, int]:
    """Read the code and HTTP status of an error; the model leaves out the status of most that are answered with 400."""
    error = shape.metadata.get("error", {})
    return error.get("code", shape.name), error.get("httpStatusCode", 400)


@functools.cache
def service(name: str) -> Service:
    """Load a service's model, once in a process."""
    return Service(name)


def serialized_name(shape: Shape, default: str) -> str:
    """Return the name of a member on the wire."""
    name: str = shape.serialization.get("name", default)
    return name


def is_flattened(shape: Shape) -> bool:
    """Return whether the elements of a list or map stand directly in their parent."""
    return bool(shape.serialization.get("flattened"))
