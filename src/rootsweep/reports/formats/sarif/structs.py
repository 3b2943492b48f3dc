"""A result of SARIF 2.1.0 and what it is made of, as structs of its own.

The names are those of the standard (OASIS SARIF 2.1.0), where each is described. A key that says nothing is left out.
"""

from datetime import datetime
from typing import Literal

import msgspec

Level = Literal["none", "note", "warning", "error"]
Kind = Literal["pass", "open", "notApplicable", "fail"]


class SarifStruct(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """An object of the standard."""


class Message(SarifStruct, frozen=True):
    """A text for people (section 3.11)."""

    text: str


class ArtifactLocation(SarifStruct, frozen=True):
    """Where a file is (section 3.4)."""

    uri: str
    uri_base_id: str | None = None


class Region(SarifStruct, frozen=True):
    """A line of a file, counted from 1 (section 3.30)."""

    start_line: int


class PhysicalLocation(SarifStruct, frozen=True):
    """A place in a file (section 3.29)."""

    artifact_location: ArtifactLocation
    region: Region


class LogicalLocation(SarifStruct, frozen=True):
    """A thing that is not a file (section 3.33)."""

    name: str
    fully_qualified_name: str
    kind: str


class Location(SarifStruct, frozen=True):
    """A place of a result (section 3.28)."""

    physical_location: PhysicalLocation
    logical_locations: list[LogicalLocation] = msgspec.field(default_factory=list)


class SuppressionProperties(SarifStruct, frozen=True):
    """Who answers for an exception, by which ticket, and until when."""

    owner: str
    expires_at: datetime
    ticket: str | None = None


class Suppression(SarifStruct, frozen=True):
    """An exception (section 3.35)."""

    kind: Literal["external"]
    status: Literal["accepted"]
    justification: str
    properties: SuppressionProperties


class KeyProperties(SarifStruct, frozen=True):
    """A root access key: ``id`` from a key list, ``slot`` from a report."""

    status: str
    id: str | None = None
    slot: int | None = None


class ProceduresProperties(SarifStruct, frozen=True):
    """The outcomes of the benchmark's two audit procedures."""

    account_summary: str
    credential_report: str


class ResultProperties(SarifStruct, frozen=True):
    """What the audit knows of an account, verbatim."""

    account_id: str
    verdict: str
    reasons: list[str]
    warnings: list[str]
    keys: list[KeyProperties]
    procedures: ProceduresProperties
    name: str | None = None
    partition: str | None = None
    state: str | None = None
    is_management_account: bool = False
    severity: str | None = None
    as_of: datetime | None = None
    next_step: str | None = None


class Fingerprints(SarifStruct, frozen=True):
    """What makes a result the same in every run (section 3.27.17); GitHub reads the first alone."""

    primary_location_line_hash: str
    root_user: str = msgspec.field(name="rootUser/v1")


class Result(SarifStruct, frozen=True):
    """The result of an account (section 3.27)."""

    rule_id: str
    rule_index: int
    kind: Kind
    level: Level
    message: Message
    locations: list[Location]
    partial_fingerprints: Fingerprints
    properties: ResultProperties
    related_locations: list[Location] = msgspec.field(default_factory=list)
    suppressions: list[Suppression] = msgspec.field(default_factory=list)
