"""Patterns of policies: ``*`` for any characters, ``?`` for one (IAM User Guide, "IAM JSON policy elements")."""

import functools
import re
from typing import Final

_ARN_COLONS: Final = 5


def matches_action(patterns: tuple[str, ...], action: str) -> bool:
    """Tell whether one of the patterns, in lower case, matches an action, in any case."""
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
