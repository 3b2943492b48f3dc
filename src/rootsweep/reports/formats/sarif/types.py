"""A result of SARIF 2.1.0 and what it is made of, as structs of its own.

The names are those of the standard (OASIS SARIF 2.1.0), where each is described. A key that says nothing is left out.
"""

from datetime import datetime
from typing import Final, Literal

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


# A log of SARIF 2.1.0 and what it holds besides results, as structs of its own.

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION: Final = "2.1.0"


class MultiformatText(SarifStruct, frozen=True):
    """A text, and the same in Markdown (section 3.12)."""

    text: str
    markdown: str | None = None


class UriBase(SarifStruct, frozen=True):
    """What relative locations are relative to; where that is differs from machine to machine (section 3.14.14)."""

    description: Message


class ComponentReference(SarifStruct, frozen=True):
    """A taxonomy, by its name and its place among those of the run (section 3.54)."""

    name: str
    index: int


class DescriptorReference(SarifStruct, frozen=True):
    """A rule, a taxon or a kind of notification (section 3.52)."""

    id: str
    index: int | None = None
    tool_component: ComponentReference | None = None


class Relationship(SarifStruct, frozen=True):
    """How a rule is related to a taxon (section 3.53)."""

    target: DescriptorReference
    kinds: list[Literal["relevant"]]


class Configuration(SarifStruct, frozen=True):
    """What holds for a rule where a result says nothing else (section 3.50)."""

    level: Level


class RuleProperties(SarifStruct, frozen=True):
    """What GitHub reads of a rule besides: it takes a security severity above 9.0 for critical."""

    tags: list[str]
    precision: Literal["very-high", "high", "medium", "low"]
    problem_severity: Literal["error", "warning", "recommendation"] = msgspec.field(name="problem.severity")
    security_severity: str = msgspec.field(name="security-severity")


class Rule(SarifStruct, frozen=True):
    """A rule (section 3.49)."""

    id: str
    name: str
    short_description: Message
    full_description: Message
    help_uri: str
    help: MultiformatText
    default_configuration: Configuration
    relationships: list[Relationship]
    properties: RuleProperties


class Driver(SarifStruct, frozen=True):
    """The program that made the run (section 3.19)."""

    name: str
    full_name: str
    version: str
    rules: list[Rule]
    supported_taxonomies: list[ComponentReference]
    semantic_version: str | None = None


class Tool(SarifStruct, frozen=True):
    """A program and what extends it; nothing does (section 3.18)."""

    driver: Driver


class Taxon(SarifStruct, frozen=True):
    """A requirement of a framework (section 3.49)."""

    id: str


class Taxonomy(SarifStruct, frozen=True):
    """A framework in one of its versions, with the requirements that the control meets (section 3.19)."""

    name: str
    version: str
    short_description: Message
    taxa: list[Taxon]


class Notification(SarifStruct, frozen=True):
    """What the program has to say about its own work (section 3.58)."""

    descriptor: DescriptorReference
    level: Level
    message: Message
    locations: list[Location] = msgspec.field(default_factory=list)


class Invocation(SarifStruct, frozen=True):
    """The work itself (section 3.20)."""

    execution_successful: bool
    start_time_utc: datetime
    end_time_utc: datetime
    tool_execution_notifications: list[Notification] = msgspec.field(default_factory=list)


class SummaryProperties(SarifStruct, frozen=True):
    """Counts of accounts."""

    accounts: int
    applicable: int
    proven: int
    compliant: int
    non_compliant: int
    not_applicable: int
    insufficient_data: int
    excepted: int


class ScopeProperties(SarifStruct, frozen=True):
    """What the audit covers."""

    kind: str
    complete: bool
    partition: str | None = None
    organization_id: str | None = None
    incomplete_because: str | None = None


class RunProperties(SarifStruct, frozen=True):
    """The audit as a whole."""

    headline: str
    summary: SummaryProperties
    scope: ScopeProperties
    warnings: list[str] = msgspec.field(default_factory=list)


class AutomationDetails(SarifStruct, frozen=True):
    """What a run is one of (section 3.17); GitHub takes all before the last slash for the category."""

    id: str


class ExternalReference(SarifStruct, frozen=True):
    """Where more elements of an array are (section 3.16)."""

    location: ArtifactLocation
    item_count: int


class ExternalReferences(SarifStruct, frozen=True):
    """Arrays of the run of which elements are elsewhere (section 3.15)."""

    results: list[ExternalReference]


class Run(SarifStruct, frozen=True):
    """A run (section 3.14)."""

    tool: Tool
    automation_details: AutomationDetails
    invocations: list[Invocation]
    original_uri_base_ids: dict[str, UriBase]
    properties: RunProperties
    taxonomies: list[Taxonomy]
    results: list[Result]
    external_property_file_references: ExternalReferences | None = None


class ExternalProperties(SarifStruct, frozen=True):
    """Elements of an array that a run refers to (section 4.3)."""

    results: list[Result]


class Log(SarifStruct, frozen=True):
    """A file (section 3.13)."""

    schema: str = msgspec.field(name="$schema")
    version: str
    runs: list[Run]
    inline_external_properties: list[ExternalProperties] = msgspec.field(default_factory=list)
