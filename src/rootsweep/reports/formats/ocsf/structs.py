"""The class Compliance Finding of OCSF 1.8.0, as far as rootsweep fills it; times are milliseconds since 1970."""

import msgspec

from rootsweep.reports.formats.ocsf.evidence_structs import Evidences, KeyData, ResourceDetails


class Product(msgspec.Struct, frozen=True):
    """The program that made the event."""

    name: str
    vendor_name: str
    version: str


class Metadata(msgspec.Struct, frozen=True, omit_defaults=True):
    """The version of the framework, the profiles that are used, and the event's own id."""

    version: str
    product: Product
    uid: str
    profiles: tuple[str, ...]
    tenant_uid: str | None = None


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """An AWS account."""

    uid: str
    type_id: int
    type: str
    name: str | None = None


class Organization(msgspec.Struct, frozen=True, omit_defaults=True):
    """An organization, and the organizational unit that holds the account."""

    uid: str
    ou_uid: str | None = None
    ou_name: str | None = None


class Cloud(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where in the cloud the event belongs; IAM has no Region."""

    provider: str
    cloud_partition: str | None = None
    account: Account | None = None
    org: Organization | None = None


class Analytic(msgspec.Struct, frozen=True):
    """The rule that made a finding."""

    uid: str
    name: str
    type_id: int
    type: str
    version: str


class FindingInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a finding is; ``uid`` is the same in every run."""

    uid: str
    title: str
    desc: str
    analytic: Analytic
    types: tuple[str, ...]
    created_time: int
    data_sources: tuple[str, ...] = ()
    last_seen_time: int | None = None


class Check(msgspec.Struct, frozen=True):
    """One of the benchmark's audit procedures."""

    uid: str
    name: str
    desc: str
    standards: tuple[str, ...]
    status_id: int
    status: str


class Compliance(msgspec.Struct, frozen=True, omit_defaults=True):
    """The control, the frameworks that have it, and the result."""

    control: str
    desc: str
    standards: tuple[str, ...]
    requirements: tuple[str, ...]
    checks: tuple[Check, ...]
    status_id: int
    status: str
    status_code: str
    status_details: tuple[str, ...] = ()


class Observable(msgspec.Struct, frozen=True):
    """A value by which events are found, and the attribute that holds it."""

    name: str
    type_id: int
    type: str
    value: str


class Remediation(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to do."""

    desc: str
    references: tuple[str, ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A reason or a warning."""

    code: str
    message: str


class GrantedException(msgspec.Struct, frozen=True, omit_defaults=True):
    """An exception that stands for the account."""

    owner: str
    reason: str
    expires_at: str
    ticket: str | None = None


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the audit covers."""

    kind: str
    complete: bool
    incomplete_because: str | None = None


class Unmapped(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the framework has no attribute for, in the words of the contract ``rootsweep.audit/1``."""

    verdict: str
    reasons: tuple[Message, ...]
    account_summary: str
    credential_report: str
    scope: Scope
    is_management_account: bool = False
    warnings: tuple[Message, ...] = ()
    keys: tuple[KeyData, ...] = ()
    account_state: str | None = None
    organization_path: str | None = None
    exception: GrantedException | None = None


class ComplianceFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """The class Compliance Finding (2003)."""

    activity_id: int
    activity_name: str
    category_uid: int
    category_name: str
    class_uid: int
    class_name: str
    type_uid: int
    type_name: str
    time: int
    severity_id: int
    severity: str
    status_id: int
    status: str
    message: str
    metadata: Metadata
    cloud: Cloud
    finding_info: FindingInfo
    compliance: Compliance
    resources: tuple[ResourceDetails, ...]
    observables: tuple[Observable, ...]
    unmapped: Unmapped
    evidences: tuple[Evidences, ...] = ()
    comment: str | None = None
    remediation: Remediation | None = None
