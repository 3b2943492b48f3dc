"""The document of a service control policy, read into statements.

Organizations User Guide, "SCP syntax": which elements there are, and that each statement has one of Action and NotAction. The
emulator evaluates what policies about the root user are made of; what it cannot evaluate it refuses by name, so that no
policy has less effect here than in AWS. Patterns have ``*`` for any characters and ``?`` for one (IAM User Guide, "IAM JSON
policy elements").
"""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any, Final

OPERATORS: Final = frozenset(
    {
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "ArnEquals",
        "ArnNotEquals",
        "ArnLike",
        "ArnNotLike",
        "Bool",
        "Null",
    }
)
CONDITION_KEYS: Final = frozenset({"aws:principalarn", "aws:principalaccount", "aws:assumedroot"})
"""The condition keys that the emulator knows the values of, in lower case (IAM User Guide: they are not case-sensitive)."""

_ELEMENTS: Final = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})
_ACTION: Final = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+")
_VERSION: Final = "2012-10-17"


class MalformedDocument(ValueError):  # noqa: N818  named as the API names it
    """The document is not a service control policy; the text says why."""


class NotEvaluated(ValueError):  # noqa: N818  it names what is wrong, as the built-in errors do
    """The document may be a service control policy, but the emulator cannot evaluate it; the text says why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key, whose name is in lower case; ``if_exists`` lets it hold where the key is absent."""

    operator: str
    key: str
    values: tuple[str, ...]
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement on every resource.

    Attributes:
        allows: its effect is Allow, not Deny.
        actions: action patterns, in lower case.
        inverted: they stand in NotAction: the statement is about every other action.
        conditions: what must hold, all of it.
    """

    allows: bool
    actions: tuple[str, ...]
    inverted: bool = False
    conditions: tuple[Condition, ...] = ()


def read_document(content: str) -> tuple[Statement, ...]:
    """Read the statements of a service control policy.

    Raises:
        MalformedDocument: it is none.
        NotEvaluated: it has a resource, condition key or operator that the emulator does not evaluate.
    """
    try:
        document = json.loads(content)
    except ValueError as error:
        raise MalformedDocument("it is not JSON") from error
    if not isinstance(document, dict) or not document.keys() <= {"Version", "Id", "Statement"}:
        raise MalformedDocument("it is not an object of Version and Statement")
    if document.get("Version") != _VERSION:
        raise MalformedDocument(f"its Version is not {_VERSION}")
    statements = document.get("Statement")
    found = statements if isinstance(statements, list) else [statements]
    if not found:
        raise MalformedDocument("it has no statement")
    return tuple(_statement(statement) for statement in found)


def _statement(statement: Any) -> Statement:
    if not isinstance(statement, dict) or not statement.keys() <= _ELEMENTS:
        raise MalformedDocument(f"a statement has other elements than {', '.join(sorted(_ELEMENTS))}")
    effect = statement.get("Effect")
    if effect not in {"Allow", "Deny"}:
        raise MalformedDocument("a statement's Effect is neither Allow nor Deny")
    if ("Action" in statement) == ("NotAction" in statement) or ("Resource" in statement) == ("NotResource" in statement):
        raise MalformedDocument("a statement needs one of Action and NotAction, and one of Resource and NotResource")
    actions = _texts(statement.get("Action", statement.get("NotAction")))
    if not all(_ACTION.fullmatch(action) for action in actions):
        raise MalformedDocument("a statement has an action that is not of the form service:Action")
    if set(_texts(statement.get("Resource", statement.get("NotResource")))) != {"*"} or "NotResource" in statement:
        raise NotEvaluated("Resource other than *")
    conditions = statement.get("Condition", {})
    if not isinstance(conditions, dict) or not all(isinstance(keys, dict) and keys for keys in conditions.values()):
        raise MalformedDocument("a statement's Condition is not an object of operators, each of keys")
    return Statement(
        effect == "Allow",
        tuple(action.lower() for action in actions),
        "NotAction" in statement,
        tuple(_condition(operator, key, values) for operator, keys in conditions.items() for key, values in keys.items()),
    )


def _condition(operator: str, key: str, values: Any) -> Condition:
    name = operator.removesuffix("IfExists")
    if name not in OPERATORS:
        raise NotEvaluated(f"condition operator {operator}")
    if key.lower() not in CONDITION_KEYS:
        raise NotEvaluated(f"condition key {key}")
    texts = tuple(str(value).lower() if isinstance(value, bool) else value for value in _list(values))
    return Condition(name, key.lower(), _texts(list(texts)), name != operator)


def _texts(value: Any) -> tuple[str, ...]:
    found = _list(value)
    if not found or not all(isinstance(item, str) for item in found):
        raise MalformedDocument("a value is neither a text nor a list of texts")
    return tuple(found)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_ARN_COLONS: Final = 5


def matches_action(patterns: tuple[str, ...], action: str) -> bool:
    """Return whether one of the patterns, in lower case, matches an action, in any case."""
    return any(pattern == "*" or like(pattern, action.lower()) for pattern in patterns)


def like(pattern: str, value: str) -> bool:
    """Compare as StringLike does."""
    return _compiled(pattern).fullmatch(value) is not None


def arn_like(pattern: str, value: str) -> bool:
    """Compare as ArnLike does: each of the six parts between colons by itself."""
    patterns, values = pattern.split(":", _ARN_COLONS), value.split(":", _ARN_COLONS)
    return len(patterns) == len(values) and all(map(like, patterns, values))


@functools.lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.compile("".join(parts), re.DOTALL)
