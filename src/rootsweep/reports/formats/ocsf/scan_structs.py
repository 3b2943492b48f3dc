"""The class Scan Activity of OCSF 1.8.0; times are milliseconds since 1970."""

import msgspec

from rootsweep.reports.formats.ocsf.structs import Cloud, Metadata, Scope


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
