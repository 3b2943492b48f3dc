"""The part of the AWS Security Finding Format that rootsweep fills (AWS Security Hub API reference, AwsSecurityFinding)."""

from datetime import datetime
from typing import Literal

import msgspec

SeverityLabel = Literal["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]
ComplianceStatus = Literal["PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"]
WorkflowStatus = Literal["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"]


class Severity(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """How bad a finding is; ``original`` is rootsweep's own word, of at most 64 characters."""

    label: SeverityLabel
    original: str | None = None


class FindingProviderFields(msgspec.Struct, frozen=True, rename="pascal"):
    """What a finding provider updates by importing a finding again."""

    severity: Severity
    types: tuple[str, ...]


class StatusReason(msgspec.Struct, frozen=True, rename="pascal"):
    """Why a compliance status is what it is."""

    reason_code: str
    description: str


class Compliance(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """The result of the check, and at most 32 requirements of frameworks."""

    status: ComplianceStatus
    related_requirements: tuple[str, ...]
    status_reasons: tuple[StatusReason, ...] = ()


class AwsIamAccessKeyDetails(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """An access key."""

    access_key_id: str
    account_id: str
    principal_id: str
    principal_name: str
    principal_type: str
    status: Literal["Active", "Inactive"] | None = None
    created_at: datetime | None = None


class ResourceDetails(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What a resource's type knows of it."""

    aws_iam_access_key: AwsIamAccessKeyDetails | None = None
    other: dict[str, str] | None = None


class Resource(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What a finding is about; ``partition`` is absent where the format has no word for it."""

    type: str
    id: str
    region: str
    partition: str | None = None
    details: ResourceDetails | None = None


class Recommendation(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What to do: at most 512 characters, and a page."""

    text: str
    url: str | None = None


class Remediation(msgspec.Struct, frozen=True, rename="pascal"):
    """How to mend what was found."""

    recommendation: Recommendation


class Note(msgspec.Struct, frozen=True, rename="pascal"):
    """A note on a finding, of at most 512 characters."""

    text: str
    updated_by: str
    updated_at: datetime


class Workflow(msgspec.Struct, frozen=True, rename="pascal"):
    """The state of the investigation."""

    status: WorkflowStatus


class AwsSecurityFinding(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """A finding as ``BatchImportFindings`` takes it; times are RFC 3339 in UTC."""

    schema_version: str
    id: str
    product_arn: str
    product_name: str
    company_name: str
    generator_id: str
    aws_account_id: str
    types: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    severity: Severity
    title: str
    description: str
    product_fields: dict[str, str]
    resources: tuple[Resource, ...]
    compliance: Compliance
    workflow: Workflow
    record_state: Literal["ACTIVE", "ARCHIVED"]
    finding_provider_fields: FindingProviderFields
    aws_account_name: str | None = None
    last_observed_at: datetime | None = None
    remediation: Remediation | None = None
    note: Note | None = None
