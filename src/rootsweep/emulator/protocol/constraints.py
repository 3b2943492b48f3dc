"""Validation of parameters by the service's model."""

from typing import Any, Final

from botocore.model import ListShape, Shape, StructureShape
from botocore.validate import ParamValidator

from rootsweep.emulator.errors import ServiceError

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
