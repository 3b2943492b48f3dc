"""Where a result is: a root user has no line in a file, but code scanning shows nothing that has none."""

import re
from posixpath import normpath
from typing import Final
from urllib.parse import quote

from rootsweep.model.finding import Finding
from rootsweep.model.organization import Account
from rootsweep.reports.formats.sarif.log_structs import UriBase
from rootsweep.reports.formats.sarif.structs import (
    ArtifactLocation,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
)

_BASE: Final = "%SRCROOT%"
BASES: Final = {_BASE: UriBase(Message("The folder in which the audit ran; code scanning takes the root of the repository."))}
"""What relative locations are relative to, by the name that viewers know it by."""
_STANDARD_INPUT: Final = "-"
_DRIVE: Final = re.compile(r"[A-Za-z]:/")
_DEFAULT_PARTITION: Final = "aws"


def arn_of(account: Account) -> str:
    """Name the root user of an account; one of unknown partition is taken to be in ``aws``."""
    return f"arn:{account.partition or _DEFAULT_PARTITION}:iam::{account.id}:root"


def locations_of(finding: Finding) -> list[Location]:
    """Give the files that tell of an account, the first one first; a path that stands for the account where there is none."""
    origins = [piece.origin for piece in finding.evidence]
    places = {(one.path, one.line or 1): None for one in origins if one.path is not None and one.path != _STANDARD_INPUT}
    root_user = LogicalLocation("root", arn_of(finding.account), "resource")
    found = [_in_file(path, line) for path, line in places]
    physical = found or [_in_file(f"accounts/{finding.account.id}", 1)]
    return [Location(physical[0], [root_user]), *map(Location, physical[1:])]


def locations_of_input(path: str, line: int | None) -> list[Location]:
    """Give the place of an input that no account is judged by; none where it came from standard input."""
    return [] if path == _STANDARD_INPUT else [Location(_in_file(path, line or 1))]


def _in_file(path: str, line: int) -> PhysicalLocation:
    return PhysicalLocation(_artifact(path), Region(line))


def _artifact(path: str) -> ArtifactLocation:
    """Spell a path of any operating system as a URI (RFC 3986, RFC 8089).

    A backslash separates on Windows, and hardly ever stands in a name elsewhere.
    """
    spelled = normpath(path.replace("\\", "/"))
    if _DRIVE.match(spelled):
        return ArtifactLocation(f"file:///{spelled[:2]}{quote(spelled[2:])}")
    if spelled.startswith("/"):
        host, _, rest = spelled.removeprefix("//").partition("/") if spelled.startswith("//") else ("", "", spelled[1:])
        return ArtifactLocation(f"file://{quote(host)}/{quote(rest)}")
    return ArtifactLocation(quote(spelled), _BASE)
