"""The resources and the evidence of a finding in OCSF 1.8.0, named as the framework names its objects."""

import msgspec


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
