"""What the AWS Security Finding Format has no field for, as text: at most 50 fields of at most 2,048 characters."""

from collections.abc import Iterator
from typing import Final

from rootsweep.controls import ROOT_ACCESS_KEY
from rootsweep.model.evidence import Evidence, Unavailable
from rootsweep.model.finding import Finding
from rootsweep.model.run import Run
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.formats.utc import utc
from rootsweep.reports.key_text import describe_key
from rootsweep.reports.left_out import left_out_note, warnings_of

_LONGEST: Final = 2048
_MOST_KEYS: Final = 8
_MOST_EVIDENCE: Final = 20


def product_fields(finding: Finding, run: Run) -> dict[str, str]:
    """Give the fields by name, ``rootsweep/verdict`` and so on; what is not known is left out."""
    return {f"rootsweep/{name}": one_line(text, _LONGEST) for name, text in _told(finding, run) if text and text.strip()}


def _told(finding: Finding, run: Run) -> Iterator[tuple[str, str | None]]:
    yield "verdict", finding.verdict
    yield "control", ROOT_ACCESS_KEY.id
    yield "reasons", ", ".join(finding.reason_codes)
    yield "warnings", " ".join(f"{one.code}: {one.message}" for one in finding.warnings)
    yield "as_of", utc(finding.as_of)
    yield "next_step", finding.next_step
    yield "procedures/account_summary", finding.procedures.account_summary
    yield "procedures/credential_report", finding.procedures.credential_report
    yield from _exception(finding)
    yield from _numbered("keys", [describe_key(row, run.finished_at) for row in finding.keys], _MOST_KEYS)
    yield from _numbered("evidence", [_describe_evidence(piece) for piece in finding.evidence], _MOST_EVIDENCE)
    yield "tool_version", run.tool_version
    yield "organization_id", run.scope.organization_id
    yield "scope_complete", str(run.scope.complete).lower()
    yield "scope_incomplete_because", run.scope.incomplete_because
    yield "run_warnings", " ".join(one.message for one in warnings_of(run))
    yield "left_out", left_out_note(run)


def _exception(finding: Finding) -> Iterator[tuple[str, str | None]]:
    granted = finding.exception
    if granted is not None:
        yield "exception/owner", granted.owner
        yield "exception/reason", granted.reason
        yield "exception/ticket", granted.ticket
        yield "exception/expires_at", utc(granted.expires_at)


def _numbered(name: str, texts: list[str], most: int) -> Iterator[tuple[str, str]]:
    """Give a number to each of several texts, and count those beyond the limit of fields."""
    for number, text in enumerate(texts[:most], 1):
        yield f"{name}/{number}", text
    if len(texts) > most:
        yield f"{name}/more", f"{len(texts) - most:,} more"


def _describe_evidence(piece: Evidence) -> str:
    origin = piece.origin
    parts = [piece.source.value.replace("_", " "), "unavailable" if isinstance(piece, Unavailable) else "observed"]
    if isinstance(piece, Unavailable):
        parts.append(f"({piece.reason.value}{f', {piece.error_code}' if piece.error_code else ''})")
    parts += [f"by {origin.api_call}"] if origin.api_call else []
    parts += [f"access {origin.access.value}"]
    parts += [f"at {utc(origin.observed_at)}"] if origin.observed_at else []
    parts += [f"request {origin.request_id}"] if origin.request_id else []
    parts += [f"in {origin.path}"] if origin.path else []
    parts += [f"line {origin.line}"] if origin.line else []
    return " ".join(parts)
