"""AWS's own model of BatchImportFindings, as botocore ships it, and the limits that AWS documents beside it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator

INPUT = ServiceModel(Loader().load_service_model("securityhub", "service-2")).operation_model("BatchImportFindings").input_shape
MOST_IN_A_CALL = 100
LARGEST = 240 * 1024
LONGEST = {
    ("Id",): 512,
    ("ProductArn",): 2048,
    ("ProductName",): 128,
    ("CompanyName",): 128,
    ("GeneratorId",): 512,
    ("AwsAccountId",): 12,
    ("AwsAccountName",): 50,
    ("Title",): 256,
    ("Description",): 1024,
    ("Severity", "Original"): 64,
    ("Remediation", "Recommendation", "Text"): 512,
    ("Note", "Text"): 512,
    ("ProductFields", "*"): 2048,
    ("Resources", "Type"): 256,
    ("Resources", "Region"): 16,
}
"""Characters (AWS Security Hub API reference, AwsSecurityFinding and what it holds)."""

MOST = {("Types",): 50, ("Resources",): 32, ("Compliance", "RelatedRequirements"): 32, ("ProductFields",): 50}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


def complaints(findings: list[dict[str, Any]]) -> list[str]:
    """Tell what AWS would refuse, as far as its model and its documents tell."""
    assert isinstance(INPUT, StructureShape)
    found = []
    for start in range(0, len(findings), MOST_IN_A_CALL):
        call = {"Findings": findings[start : start + MOST_IN_A_CALL]}
        report = ParamValidator().validate(call, INPUT)
        found += [report.generate_report()] if report.has_errors() else []
        found += _beyond_model(call, INPUT, "")
    for finding in findings:
        size = len(json.dumps(finding).encode())
        found += [f"{finding['Id']} has {size} bytes"] if size > LARGEST else []
        found += _beyond_documents(finding, ())
    return found


def _beyond_model(value: Any, shape: Shape, where: str) -> Iterator[str]:
    """Check what botocore's validator does not: patterns, enumerations and upper bounds."""
    if isinstance(shape, StructureShape):
        yield from (f"{where}: {name} is unknown" for name in value if name not in shape.members)
        for name in set(value) & set(shape.members):
            yield from _beyond_model(value[name], shape.members[name], f"{where}.{name}")
    elif isinstance(shape, ListShape):
        for one in value:
            yield from _beyond_model(one, shape.member, f"{where}[]")
    elif isinstance(shape, MapShape):
        for name, one in value.items():
            yield from _beyond_model(name, shape.key, f"{where} key")
            yield from _beyond_model(one, shape.value, f"{where}.{name}")
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        yield f"{where}: {value} is not one of {shape.enum}"
    yield from _beyond_bounds(value, shape, where)


def _beyond_bounds(value: Any, shape: Shape, where: str) -> Iterator[str]:
    size = len(value) if isinstance(value, str | list | dict) else value
    if "max" in shape.metadata and size > shape.metadata["max"]:
        yield f"{where}: more than {shape.metadata['max']}"
    if "pattern" in shape.metadata and not re.fullmatch(shape.metadata["pattern"], value, re.DOTALL):
        yield f"{where}: {value!r} is not like {shape.metadata['pattern']}"


def _beyond_documents(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, list | dict) and len(value) > MOST.get(path, 100):
        yield f"{path} has {len(value)} members"
    if isinstance(value, dict):
        for name, one in value.items():
            yield from [f"{path}: the key {name} is too long"] if len(name) > 128 else []
            yield from _beyond_documents(one, (*path, "*" if path == ("ProductFields",) else name))
    elif isinstance(value, list):
        for one in value:
            yield from _beyond_documents(one, path)
    elif isinstance(value, str):
        yield from [f"{path} has {len(value)} characters"] if len(value) > LONGEST.get(path, LARGEST) else []
        yield from [f"{path} is no time: {value}"] if path and path[-1].endswith("At") and not TIME.fullmatch(value) else []
