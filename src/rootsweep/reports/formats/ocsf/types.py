"""Compliance Finding and Scan Activity of OCSF 1.8.0, as far as rootsweep fills them; times are milliseconds since 1970."""

import msgspec

# The resources and the evidence of a finding in OCSF 1.8.0, named as the framework names its objects.


class KeyData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A root access key, for ``data`` of its resource and for ``unmapped``."""

    status: str
    last_used_status: str
    id: str | None = None
    slot: int | None = None
    created_at: str | None = None
    last_rotated_at: str | None = None
    last_used_at: str | None = None
    last_used_region: str | None = None
    last_used_service: str | None = None


class ResourceDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a finding is about: the root user, or one of its keys."""

    uid: str
    type: str
    cloud_partition: str
    name: str | None = None
    created_time: int | None = None
    data: KeyData | None = None


class Service(msgspec.Struct, frozen=True):
    """The AWS service of a call."""

    name: str


class Request(msgspec.Struct, frozen=True):
    """The request id of a call."""

    uid: str


class Response(msgspec.Struct, frozen=True):
    """The error by which AWS refused a call."""

    error: str


class Api(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call to AWS."""

    operation: str
    service: Service | None = None
    request: Request | None = None
    response: Response | None = None


class EvidenceData(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a piece of evidence comes from, or why there is none."""

    source: str
    status: str
    access: str
    observed_at: str | None = None
    path: str | None = None
    line: int | None = None
    reason: str | None = None
    advice: str | None = None


class Evidences(msgspec.Struct, frozen=True, omit_defaults=True):
    """One piece of evidence."""

    name: str
    data: EvidenceData
    api: Api | None = None


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


# The class Scan Activity of OCSF 1.8.0; times are milliseconds since 1970.


class Scan(msgspec.Struct, frozen=True):
    """An audit run."""

    uid: str
    name: str
    type_id: int
    type: str


class RejectedInput(msgspec.Struct, frozen=True, omit_defaults=True):
    """An input that is not evidence."""

    path: str
    reason: str
    line: int | None = None


class LeftOut(msgspec.Struct, frozen=True):
    """Evidence of an account outside the scope."""

    path: str
    account_id: str
    source: str
    shows_key: bool


class ScanUnmapped(msgspec.Struct, frozen=True):
    """What no account tells: the scope, the refused inputs, and the evidence of accounts outside the scope."""

    scope: Scope
    rejected_inputs: tuple[RejectedInput, ...]
    left_out: tuple[LeftOut, ...]


class ScanActivity(msgspec.Struct, frozen=True, omit_defaults=True):
    """The class Scan Activity (6007)."""

    activity_id: int
    activity_name: str
    category_uid: int
    category_name: str
    class_uid: int
    class_name: str
    type_uid: int
    type_name: str
    time: int
    start_time: int
    end_time: int
    severity_id: int
    severity: str
    status_id: int
    status: str
    message: str
    metadata: Metadata
    cloud: Cloud
    scan: Scan
    total: int
    num_detections: int
    num_skipped_items: int
    unmapped: ScanUnmapped
    status_detail: str | None = None
