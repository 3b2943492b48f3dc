"""The keys and the pieces of evidence of a finding, as OCSF objects."""

from rootsweep.model.evidence import Evidence, LastUsed, NoLastUse, Unavailable
from rootsweep.model.finding import Finding, KeyRow
from rootsweep.reports.formats.ocsf import evidence_structs as structs
from rootsweep.reports.formats.ocsf.metadata import milliseconds
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.formats.utc import utc


def resources_of(finding: Finding, partition: str) -> tuple[structs.ResourceDetails, ...]:
    """Give the root user first, then its keys of which the id is known."""
    root = structs.ResourceDetails(f"arn:{partition}:iam::{finding.account.id}:root", "AWS IAM root user", partition, "root")
    keys = [
        structs.ResourceDetails(
            uid=key.id,
            type="AWS::IAM::AccessKey",
            cloud_partition=partition,
            created_time=milliseconds(key.created_at) if key.created_at else None,
            data=key_data(key),
        )
        for key in finding.keys
        if key.id
    ]
    return (root, *keys)


def key_data(key: KeyRow) -> structs.KeyData:
    """Give what is known of a key."""
    last = key.last_use if isinstance(key.last_use, LastUsed) else None
    return structs.KeyData(
        status=key.status.value,
        last_used_status=key.last_use.value if isinstance(key.last_use, NoLastUse) else "recorded",
        id=key.id,
        slot=key.slot,
        created_at=utc(key.created_at),
        last_rotated_at=utc(key.last_rotated_at),
        last_used_at=utc(last.at) if last else None,
        last_used_region=last.region if last else None,
        last_used_service=last.service if last else None,
    )


def evidences_of(finding: Finding) -> tuple[structs.Evidences, ...]:
    """Give one entry for each piece of evidence, and for each that could not be had."""
    return tuple(structs.Evidences(one.source.value, _data(one), _api(one)) for one in finding.evidence)


def _data(piece: Evidence) -> structs.EvidenceData:
    origin = piece.origin
    refused = piece if isinstance(piece, Unavailable) else None
    return structs.EvidenceData(
        source=piece.source.value,
        status="unavailable" if refused else "observed",
        access=origin.access.value,
        observed_at=utc(origin.observed_at),
        path=one_line(origin.path) if origin.path else None,
        line=origin.line,
        reason=refused.reason.value if refused else None,
        advice=one_line(refused.advice) if refused else None,
    )


def _api(piece: Evidence) -> structs.Api | None:
    """Take a call, such as ``iam:GetAccountSummary``, apart."""
    origin = piece.origin
    if not origin.api_call:
        return None
    service, _, operation = origin.api_call.rpartition(":")
    error = piece.error_code if isinstance(piece, Unavailable) else None
    return structs.Api(
        operation=operation,
        service=structs.Service(service) if service else None,
        request=structs.Request(one_line(origin.request_id)) if origin.request_id else None,
        response=structs.Response(error) if error else None,
    )
