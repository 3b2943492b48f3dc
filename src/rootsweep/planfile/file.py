"""A plan written and read, and the digest that binds it."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec

from rootsweep.errors import UsageError
from rootsweep.model.remediation import Plan
from rootsweep.planfile.conversion import plan_of, record_of
from rootsweep.planfile.records import SCHEMA, PlanRecord

_SCHEMA_OF_ANY_VERSION: Final = SCHEMA.partition("/")[0] + "/"
_PLAN_ANEW: Final = "make a new one with `rootsweep plan`"


def digest_of(plan: Plan) -> str:
    """Give the SHA-256 digest of a plan, in hexadecimal: that of its canonical JSON without the digest itself."""
    return _digest(_document(plan, ""))


def write_plan(plan: Plan, stream: TextIO) -> None:
    """Write a plan with its digest, indented by two, in ASCII: no name can act on a terminal, and every encoding carries it."""
    json.dump(_document(plan, digest_of(plan)), stream, indent=2)
    stream.write("\n")


def read_plan(path: Path) -> tuple[Plan, str]:
    """Read a plan and its digest.

    Raises ``UsageError`` for a file that cannot be read or is no plan, for a plan of another version, and for one whose digest
    does not fit: it was changed since it was shown.
    """
    document = _parsed(path)
    if document["schema"] != SCHEMA:
        raise UsageError(
            f"{path} is a plan of another version of rootsweep: its schema is {document['schema']!r}, not {SCHEMA!r}",
            f"carry it out with the version that made it, or {_PLAN_ANEW}",
        )
    digest = document.get("digest")
    try:
        fits = digest == _digest(document)
        record = msgspec.convert(document, PlanRecord) if fits else None
        plan = None if record is None else plan_of(record)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} holds what this version of rootsweep does not understand", _PLAN_ANEW) from error
    if plan is None:
        raise UsageError(f"{path} was changed since it was made: its digest does not fit", f"never edit a plan, {_PLAN_ANEW}")
    return plan, str(digest)


def _parsed(path: Path) -> dict[str, Any]:
    """Give the JSON object of a file that claims to be a plan of any version."""
    try:
        document = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"cannot read the plan {path}: {error.strerror}", "name the file that `rootsweep plan` wrote"
        ) from error
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not str(document.get("schema")).startswith(_SCHEMA_OF_ANY_VERSION):
        raise UsageError(f"{path} is not a plan of rootsweep", "name the file that `rootsweep plan` wrote")
    return document


def _document(plan: Plan, digest: str) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(record_of(plan, digest))
    return document


def _digest(document: dict[str, Any]) -> str:
    others = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(others, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
