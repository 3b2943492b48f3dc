"""``--format csv``: one row for each account, for spreadsheets and for joining with other tables.

Columns may be added at the end, never removed or moved. Lines end with a line feed alone, which spreadsheets and programs read
alike, while the CRLF of RFC 4180 would leave ``cut`` and ``awk`` a carriage return in the last column. Texts are quoted and
numbers are not, so that a spreadsheet which is reported so keeps an account id's leading zeros.
"""

import csv
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, TextIO

from rootsweep.core.controls import ROOT_ACCESS_KEY
from rootsweep.core.evidence import Evidence, KeyStatus, LastUsed, NoLastUse, Unavailable
from rootsweep.core.finding import Finding, KeyRow, Message
from rootsweep.core.run import Run
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import printable, warnings_of

Cell = str | int

COLUMNS: Final = (
    "account_id",
    "account_name",
    "partition",
    "organization_path",
    "account_state",
    "is_management_account",
    "verdict",
    "severity",
    "excepted",
    "exception_owner",
    "exception_reason",
    "exception_ticket",
    "exception_expires_at",
    "reasons",
    "reason_messages",
    "warnings",
    "warning_messages",
    "active_keys",
    "inactive_keys",
    "unknown_keys",
    "key_ids",
    "oldest_key_created_at",
    "oldest_key_rotated_at",
    "last_used_status",
    "last_used_at",
    "last_used_region",
    "last_used_service",
    "account_summary_procedure",
    "credential_report_procedure",
    "as_of",
    "evidence_read",
    "evidence_not_read",
    "next_step",
    "control",
    "framework",
    "framework_version",
    "requirement",
    "scope_complete",
    "refused_inputs",
    "finished_at",
    "left_out_evidence",
    "run_warnings",
)
"""The columns of every report, in their order."""

SEPARATOR: Final = " | "
"""What stands between several values in one cell."""

_FORMULA: Final = re.compile(r"""[\s"']*[=+\-@＝＋－＠]""")  # noqa: RUF001  spreadsheets take the full-width signs too


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the header and a row for each account, in the order of the run; the header alone where there is none."""
    reference = options.presentation.reference
    of_run: dict[str, Cell] = {
        "control": ROOT_ACCESS_KEY.id,
        "framework": reference.framework,
        "framework_version": reference.version,
        "requirement": reference.requirement,
        "scope_complete": _truth(run.scope.complete),
        "refused_inputs": len(run.rejected_inputs),
        "finished_at": _time(run.finished_at),
        "left_out_evidence": len(run.left_out),
        "run_warnings": _texts(warnings_of(run)),
    }
    writer = csv.DictWriter(stream, COLUMNS, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writeheader()
    for finding in run.findings:
        writer.writerow(_verdict_cells(finding) | _key_cells(finding.keys) | _evidence_cells(finding) | of_run)


def from_outside(text: str | None) -> str:
    """Show a text that anybody may have written, so that no spreadsheet takes it for a formula and no terminal acts on it.

    OWASP, "CSV Injection": a single quote before the signs that begin a formula.
    """
    shown = printable(text or "")
    return f"'{shown}" if _FORMULA.match(shown) else shown


def _verdict_cells(finding: Finding) -> dict[str, Cell]:
    account, granted = finding.account, finding.exception
    return {
        "account_id": account.id,
        "account_name": from_outside(account.name),
        "partition": from_outside(account.partition),
        "organization_path": from_outside(account.path),
        "account_state": account.state.value if account.state else "",
        "is_management_account": _truth(account.is_management_account),
        "verdict": finding.verdict.value,
        "severity": finding.severity.value if finding.severity else "",
        "excepted": _truth(granted is not None),
        "exception_owner": from_outside(granted.owner) if granted else "",
        "exception_reason": from_outside(granted.reason) if granted else "",
        "exception_ticket": from_outside(granted.ticket) if granted else "",
        "exception_expires_at": _time(granted.expires_at) if granted else "",
        "reasons": from_outside(SEPARATOR.join(finding.reason_codes)),
        "reason_messages": _texts(finding.reasons),
        "warnings": from_outside(SEPARATOR.join(finding.warning_codes)),
        "warning_messages": _texts(finding.warnings),
    }


def _key_cells(keys: tuple[KeyRow, ...]) -> dict[str, Cell]:
    recorded = [key.last_use for key in keys if isinstance(key.last_use, LastUsed)]
    last = max(recorded, key=lambda use: (use.at, use.region or "", use.service or ""), default=None)
    return {
        "active_keys": sum(key.status is KeyStatus.ACTIVE for key in keys),
        "inactive_keys": sum(key.status is KeyStatus.INACTIVE for key in keys),
        "unknown_keys": sum(key.status is KeyStatus.UNKNOWN for key in keys),
        "key_ids": from_outside(SEPARATOR.join(key.id for key in keys if key.id)),
        "oldest_key_created_at": _oldest(key.created_at for key in keys),
        "oldest_key_rotated_at": _oldest(key.last_rotated_at for key in keys),
        "last_used_status": _last_used_status(keys),
        "last_used_at": _time(last.at) if last else "",
        "last_used_region": from_outside(last.region) if last else "",
        "last_used_service": from_outside(last.service) if last else "",
    }


def _last_used_status(keys: tuple[KeyRow, ...]) -> str:
    """Say ``unknown`` as soon as it is of one key: a use that is recorded of another may not be the last."""
    if not keys:
        return ""
    if any(key.last_use is NoLastUse.UNKNOWN for key in keys):
        return NoLastUse.UNKNOWN.value
    return "recorded" if any(isinstance(key.last_use, LastUsed) for key in keys) else NoLastUse.NEVER_RECORDED.value


def _evidence_cells(finding: Finding) -> dict[str, Cell]:
    return {
        "account_summary_procedure": finding.procedures.account_summary.value,
        "credential_report_procedure": finding.procedures.credential_report.value,
        "as_of": _time(finding.as_of),
        "evidence_read": _once(piece.source.value for piece in finding.evidence if not isinstance(piece, Unavailable)),
        "evidence_not_read": _once(_not_read(finding.evidence)),
        "next_step": from_outside(finding.next_step),
    }


def _not_read(evidence: Iterable[Evidence]) -> Iterable[str]:
    return (f"{piece.source.value}: {piece.reason.value}" for piece in evidence if isinstance(piece, Unavailable))


def _once(texts: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(texts))


def _texts(messages: tuple[Message, ...]) -> str:
    return from_outside(SEPARATOR.join(message.message for message in messages))


def _oldest(times: Iterable[datetime | None]) -> str:
    return _time(min((time for time in times if time is not None), default=None))


def _time(time: datetime | None) -> str:
    """Write a time by RFC 3339, in UTC, to the second."""
    return "" if time is None else f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _truth(value: bool) -> str:  # noqa: FBT001  one word of a row, not an option
    return "true" if value else "false"
