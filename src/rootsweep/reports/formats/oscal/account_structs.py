"""What OSCAL 1.2.3 tells of one account: the observation, the risk and the finding."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from rootsweep.reports.formats.oscal.structs import Origin, Property

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
