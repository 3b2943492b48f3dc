"""OSCAL 1.2.3, as far as rootsweep fills it, named as the standard names it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec


class Property(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """A named value; the standard has its own names, and ``ns`` marks those of others."""

    name: str
    value: str
    ns: str | None = None


class Party(msgspec.Struct, frozen=True, rename="kebab"):
    """Someone who has a part in the assessment."""

    uuid: UUID
    type: Literal["person", "organization"]
    name: str


class Metadata(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """The document's own description."""

    title: str
    last_modified: datetime
    version: str
    oscal_version: str
    parties: tuple[Party, ...] = ()
    remarks: str | None = None


class ImportAp(msgspec.Struct, frozen=True, rename="kebab"):
    """The assessment plan."""

    href: str
    remarks: str


class Part(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """A part of an objective."""

    id: str
    name: str
    title: str
    prose: str
    props: tuple[Property, ...] = ()


class LocalObjective(msgspec.Struct, frozen=True, rename="kebab"):
    """What is assessed of a control, and how."""

    control_id: str
    description: str
    parts: tuple[Part, ...]


class LocalDefinitions(msgspec.Struct, frozen=True, rename="kebab"):
    """The objectives that are defined here."""

    objectives_and_methods: tuple[LocalObjective, ...]


class Resource(msgspec.Struct, frozen=True, rename="kebab"):
    """A resource at the document's end."""

    uuid: UUID
    title: str
    description: str


class BackMatter(msgspec.Struct, frozen=True, rename="kebab"):
    """The resources."""

    resources: tuple[Resource, ...]


class ComponentStatus(msgspec.Struct, frozen=True, rename="kebab"):
    """Whether a component is in use."""

    state: Literal["operational"]


class SystemComponent(msgspec.Struct, frozen=True, rename="kebab"):
    """The program that assessed."""

    uuid: UUID
    type: str
    title: str
    description: str
    props: tuple[Property, ...]
    status: ComponentStatus


class UsesComponent(msgspec.Struct, frozen=True, rename="kebab"):
    """A component of a platform."""

    component_uuid: UUID


class AssessmentPlatform(msgspec.Struct, frozen=True, rename="kebab"):
    """What the assessment ran on."""

    uuid: UUID
    title: str
    uses_components: tuple[UsesComponent, ...]


class AssessmentAssets(msgspec.Struct, frozen=True, rename="kebab"):
    """What the assessment used."""

    components: tuple[SystemComponent, ...]
    assessment_platforms: tuple[AssessmentPlatform, ...]


class InventoryItem(msgspec.Struct, frozen=True, rename="kebab"):
    """An AWS account."""

    uuid: UUID
    description: str
    props: tuple[Property, ...]


class ControlById(msgspec.Struct, frozen=True, rename="kebab"):
    """A control."""

    control_id: str


class ControlSelection(msgspec.Struct, frozen=True, rename="kebab"):
    """The controls that were assessed."""

    include_controls: tuple[ControlById, ...]


class ObjectiveById(msgspec.Struct, frozen=True, rename="kebab"):
    """An objective."""

    objective_id: str


class ObjectiveSelection(msgspec.Struct, frozen=True, rename="kebab"):
    """The objectives that were assessed."""

    include_objectives: tuple[ObjectiveById, ...]


class ReviewedControls(msgspec.Struct, frozen=True, rename="kebab"):
    """What was assessed."""

    description: str
    props: tuple[Property, ...]
    control_selections: tuple[ControlSelection, ...]
    control_objective_selections: tuple[ObjectiveSelection, ...]


class OriginActor(msgspec.Struct, frozen=True, rename="kebab"):
    """Who or what made an entry."""

    type: Literal["tool", "assessment-platform", "party"]
    actor_uuid: UUID


class Origin(msgspec.Struct, frozen=True, rename="kebab"):
    """Where an entry comes from."""

    actors: tuple[OriginActor, ...]


class ResultDefinitions(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """What a result defines for itself; an empty ``inventory_items`` is filled while it is written."""

    assessment_assets: AssessmentAssets
    inventory_items: tuple[InventoryItem, ...] | None = None


class Result(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """One run; the empty arrays are filled while they are written, and None leaves them out."""

    uuid: UUID
    title: str
    description: str
    start: datetime
    end: datetime
    props: tuple[Property, ...]
    local_definitions: ResultDefinitions
    reviewed_controls: ReviewedControls
    observations: tuple[msgspec.Struct, ...] | None = None
    risks: tuple[msgspec.Struct, ...] | None = None
    findings: tuple[msgspec.Struct, ...] | None = None
    remarks: str | None = None


class AssessmentResults(msgspec.Struct, frozen=True, rename="kebab"):
    """Security assessment results."""

    uuid: UUID
    metadata: Metadata
    import_ap: ImportAp
    local_definitions: LocalDefinitions
    results: tuple[Result, ...]
    back_matter: BackMatter


class Document(msgspec.Struct, frozen=True, rename="kebab"):
    """A file."""

    assessment_results: AssessmentResults


# What OSCAL 1.2.3 tells of one account: the observation, the risk and the finding.

RiskStatus = Literal["open", "deviation-approved"]


class SubjectReference(msgspec.Struct, frozen=True, rename="kebab"):
    """What was looked at."""

    subject_uuid: UUID
    type: Literal["inventory-item"]
    title: str


class RelevantEvidence(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """A piece of evidence."""

    description: str
    props: tuple[Property, ...] = ()


class Observation(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """What was seen, and when."""

    uuid: UUID
    title: str
    description: str
    methods: tuple[Literal["EXAMINE", "TEST"], ...]
    types: tuple[str, ...]
    origins: tuple[Origin, ...]
    collected: datetime
    props: tuple[Property, ...] = ()
    subjects: tuple[SubjectReference, ...] = ()
    relevant_evidence: tuple[RelevantEvidence, ...] = ()
    remarks: str | None = None


class RelatedObservation(msgspec.Struct, frozen=True, rename="kebab"):
    """The observation that a finding or a risk stands on."""

    observation_uuid: UUID


class Facet(msgspec.Struct, frozen=True, rename="kebab"):
    """One measure of a risk."""

    name: str
    system: str
    value: str


class Characterization(msgspec.Struct, frozen=True, rename="kebab"):
    """How bad a risk is, and who says so."""

    origin: Origin
    facets: tuple[Facet, ...]


class Response(msgspec.Struct, frozen=True, rename="kebab"):
    """What to do about a risk."""

    uuid: UUID
    lifecycle: Literal["recommendation"]
    title: str
    description: str


class LoggedBy(msgspec.Struct, frozen=True, rename="kebab"):
    """Who answers for an entry."""

    party_uuid: UUID


class RiskLogEntry(msgspec.Struct, frozen=True, rename="kebab"):
    """What happened to a risk."""

    uuid: UUID
    title: str
    description: str
    start: datetime
    end: datetime
    props: tuple[Property, ...]
    logged_by: tuple[LoggedBy, ...]
    status_change: RiskStatus


class RiskLog(msgspec.Struct, frozen=True, rename="kebab"):
    """The entries."""

    entries: tuple[RiskLogEntry, ...]


class Risk(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """What a non-compliance may lead to."""

    uuid: UUID
    title: str
    description: str
    statement: str
    status: RiskStatus
    origins: tuple[Origin, ...]
    characterizations: tuple[Characterization, ...]
    related_observations: tuple[RelatedObservation, ...]
    deadline: datetime | None = None
    remediations: tuple[Response, ...] = ()
    risk_log: RiskLog | None = None


class TargetStatus(msgspec.Struct, frozen=True, rename="kebab"):
    """Whether the objective is satisfied, and how that is known."""

    state: Literal["satisfied", "not-satisfied"]
    reason: Literal["pass", "fail", "other"]
    remarks: str


class ImplementationStatus(msgspec.Struct, frozen=True, rename="kebab"):
    """That a control does not apply."""

    state: Literal["not-applicable"]
    remarks: str


class FindingTarget(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """The objective that a finding is about."""

    type: Literal["objective-id"]
    target_id: str
    title: str
    status: TargetStatus
    implementation_status: ImplementationStatus | None = None


class AssociatedRisk(msgspec.Struct, frozen=True, rename="kebab"):
    """The risk of a finding."""

    risk_uuid: UUID


class Finding(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """What an assessor concludes of one account."""

    uuid: UUID
    title: str
    description: str
    props: tuple[Property, ...]
    origins: tuple[Origin, ...]
    target: FindingTarget
    related_observations: tuple[RelatedObservation, ...]
    related_risks: tuple[AssociatedRisk, ...] = ()
    remarks: str | None = None
