"""Values of any shape of a service model, as hypothesis strategies."""

from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import strategies as st

_DEEP = 4
_MORE = 3
_TEXT = st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, exclude_categories=("Cc", "Cs"))


def values(shape: Shape, depth: int = 0, *, fewest: int = 0) -> st.SearchStrategy[Any]:
    """Draw values within the shape's lengths, ranges and enumerations; no empty structure or map, which a form cannot hold.

    A list has ``fewest`` elements at least: 1 for the EC2 protocol, whose form cannot hold an empty one.
    """
    if isinstance(shape, StructureShape):
        return _structures(shape, depth, fewest)
    if isinstance(shape, ListShape):
        least = max(shape.metadata.get("min", 0), 1 if shape.serialization.get("flattened") else fewest)
        return st.lists(
            values(shape.member, depth + 1, fewest=fewest), min_size=least, max_size=least + (0 if depth > _DEEP else _MORE)
        )
    if isinstance(shape, MapShape):
        return st.dictionaries(
            values(shape.key, depth + 1), values(shape.value, depth + 1, fewest=fewest), min_size=1, max_size=_MORE
        )
    return _scalars(shape)


def _structures(shape: StructureShape, depth: int, fewest: int) -> st.SearchStrategy[dict[str, Any]]:
    if shape.is_tagged_union:
        return st.sampled_from(list(shape.members)).flatmap(
            lambda name: st.fixed_dictionaries({name: values(shape.members[name], fewest=fewest)})
        )
    required = {name for name in shape.required_members if not _is_empty(shape.members[name])}
    optional = [name for name, member in shape.members.items() if name not in required and not _is_empty(member)]
    if depth > _DEEP:
        optional = [name for name in optional if not isinstance(shape.members[name], StructureShape | ListShape | MapShape)]
    if depth and not required:
        required = set(optional[:1])
    always: dict[Any, st.SearchStrategy[Any]] = {
        name: values(shape.members[name], depth + 1, fewest=fewest) for name in sorted(required)
    }
    sometimes: dict[Any, st.SearchStrategy[Any]] = {
        name: _later(shape.members[name], depth + 1, fewest) for name in optional if name not in required
    }
    return st.fixed_dictionaries(always, optional=sometimes)


def _later(shape: Shape, depth: int, fewest: int) -> st.SearchStrategy[Any]:
    """Make the strategy when it is drawn from: some shapes hold themselves."""
    return st.deferred(lambda: values(shape, depth, fewest=fewest))


def _is_empty(shape: Shape) -> bool:
    return isinstance(shape, StructureShape) and not shape.members


def _scalars(shape: Shape) -> st.SearchStrategy[Any]:
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    match shape.type_name:
        case "string":
            return _texts(shape, least, most)
        case "integer" | "long":
            return st.integers(least, 2**31 - 1 if most is None else most)
        case "float" | "double":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case "timestamp":
            return st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
        case _:
            return st.binary(min_size=least, max_size=least + 8)


def _texts(shape: Shape, least: int, most: int | None) -> st.SearchStrategy[str]:
    if shape.metadata.get("enum"):
        return st.sampled_from(shape.metadata["enum"])
    return st.text(_TEXT, min_size=least, max_size=least + 8 if most is None else min(most, least + 8))
