"""What every part of OSCAL 1.2.3 is built of, as far as rootsweep fills it, named as the standard names it."""

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
