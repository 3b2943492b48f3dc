"""What there is to tell of a run, chosen, in words and as JSON."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec

from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.history.recorded import Change, Drift, RecordedAccount
from rootsweep.core.organization import Account
from rootsweep.core.run import Run
from rootsweep.reports.contracts import audit_v1
from rootsweep.reports.contracts.audit_v1_write import account_of, audit_of
from rootsweep.reports.wording import counted, describe_key, headline, incompleteness, one_line, warnings_of


class ChangeKind(StrEnum):
    """What has become of an account since the previous run; ``LISTED`` is reported where everything is, changed or not."""

    NEW = "new"
    REAPPEARED = "reappeared"
    LOST_SIGHT_OF = "lost_sight_of"
    FIXED = "fixed"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One account to tell of; ``finding`` is None where the run has no row of it, because it was lost sight of."""

    kind: ChangeKind
    account: Account
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is sent about a run; ``previous_run_at`` is when the run it was compared with ended, None for none."""

    run: Run
    items: tuple[AccountChange, ...]
    previous_run_at: datetime | None = None

    def counts(self) -> dict[ChangeKind, int]:
        """Count the accounts by what has become of them, in the order of ``ChangeKind``; kinds without any are left out."""
        counted = Counter(item.kind for item in self.items)
        return {kind: counted[kind] for kind in ChangeKind if counted[kind]}


def first_changes(run: Run) -> Changes:
    """Report a run that is compared with none: all that is non-compliant without exception, or could not be judged, is new."""
    return Changes(run, tuple(AccountChange(ChangeKind.NEW, one.account, one) for one in run.findings if _needs_someone(one)))


def changes_since(run: Run, drift: Drift) -> Changes:
    """Report what has changed since the previous run; as of ``first_changes`` where there was none.

    A non-compliance for which an exception stands is no change.
    """
    if drift.before is None:
        return first_changes(run)
    findings = {one.account.id: one for one in run.findings}
    told = [one for one in drift.changes if one.change not in {Change.NEW, Change.REAPPEARED} or one.is_finding]
    items = tuple(_item(ChangeKind(one.change.value), one.account, findings.get(one.account.id)) for one in told)
    return Changes(run, items, drift.before.finished_at)


def everything(changes: Changes) -> Changes:
    """Report every account, those with changes first."""
    told = {item.account.id for item in changes.items}
    rest = (AccountChange(ChangeKind.LISTED, one.account, one) for one in changes.run.findings if one.account.id not in told)
    return Changes(changes.run, (*changes.items, *rest), changes.previous_run_at)


def _needs_someone(finding: Finding) -> bool:
    if finding.verdict is Verdict.NON_COMPLIANT:
        return finding.exception is None
    return finding.verdict is Verdict.INSUFFICIENT_DATA


def _item(kind: ChangeKind, recorded: RecordedAccount, finding: Finding | None) -> AccountChange:
    known = Account(
        recorded.id, recorded.name, recorded.partition, recorded.state, recorded.is_management_account, recorded.path
    )
    return AccountChange(kind, known if finding is None else finding.account, finding)


# The changes as JSON: the contract of a run, or of an account, with what has changed.

Kind = Literal["new", "reappeared", "lost_sight_of", "fixed", "listed"]


class ChangeEntry(msgspec.Struct, frozen=True):
    """What has become of an account; those that were lost sight of may have no row under ``accounts``."""

    account_id: str
    name: str | None
    change: Kind


class ChangesDocument(audit_v1.Audit, frozen=True):
    """A run by the contract ``rootsweep.audit/1``, with only the rows of the accounts that are sent, and the changes."""

    previous_run_at: datetime | None
    changes: list[ChangeEntry]


def changes_document(changes: Changes) -> bytes:
    """Return the changes as JSON."""
    audit = audit_of(changes.run, [item.finding for item in changes.items if item.finding is not None])
    members: dict[str, Any] = {name: getattr(audit, name) for name in audit.__struct_fields__}
    entries = [ChangeEntry(item.account.id, item.account.name, item.kind.value) for item in changes.items]
    return msgspec.json.encode(ChangesDocument(**members, previous_run_at=changes.previous_run_at, changes=entries))


def run_document(changes: Changes) -> bytes:
    """Return the whole run as JSON by the contract."""
    return msgspec.json.encode(audit_of(changes.run, changes.run.findings))


def account_document(item: AccountChange) -> bytes:
    """Return the account by the contract, with ``change`` beside; id and name alone where the run has no row of it."""
    known: dict[str, Any] = {"account_id": item.account.id, "name": item.account.name}
    row = known if item.finding is None else msgspec.to_builtins(account_of(item.finding))
    return msgspec.json.encode({"change": item.kind.value, **row})


def content_key(changes: Changes) -> str:
    """Name what the changes say, and not when they were looked at: equal for equal changes since the same previous run."""
    scope = changes.run.scope
    told = [
        (
            item.kind.value,
            item.account.id,
            None
            if item.finding is None
            else (
                item.finding.verdict,
                item.finding.severity,
                list(item.finding.reason_codes),
                [(key.id, key.slot, key.status) for key in item.finding.keys],
                item.finding.exception is not None,
            ),
        )
        for item in sorted(changes.items, key=lambda one: one.account.id)
    ]
    since = changes.previous_run_at
    content = (scope.kind, scope.partition, scope.organization_id, scope.complete, since, told)
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


# The changes as people read them, in plain text: names are in one line and can act on no terminal.

WORDS: Final = {
    ChangeKind.NEW: "new",
    ChangeKind.REAPPEARED: "reappeared",
    ChangeKind.LOST_SIGHT_OF: "lost sight of",
    ChangeKind.FIXED: "fixed",
    ChangeKind.LISTED: "unchanged",
}

_LONGEST_NAME: Final = 100
_LONGEST_SENTENCE: Final = 1000
_MOST_REFUSED: Final = 20


def title(changes: Changes) -> str:
    """Tell the counts in ASCII, in less than 100 characters."""
    counts = ", ".join(f"{number} {WORDS[kind]}" for kind, number in changes.counts().items() if kind is not ChangeKind.LISTED)
    return f"rootsweep: {counts or 'no change'} ({counted(len(changes.run.findings), 'account').replace(',', '')})"


def since(changes: Changes) -> str:
    """Return what the changes are changes from."""
    if changes.previous_run_at is None:
        return "There is no earlier run to compare with."
    return f"Changes since the run that ended on {changes.previous_run_at:%Y-%m-%d at %H:%M} UTC."


def first_lines(changes: Changes) -> list[str]:
    """Return the summary: what is proven, what is missing, since when."""
    reasons = [one_line(one.message, _LONGEST_SENTENCE) for one in incompleteness(changes.run)]
    more = [f"{len(reasons) - _MOST_REFUSED} further reasons are in the report."] if len(reasons) > _MOST_REFUSED else []
    when = f"Audited on {changes.run.finished_at:%Y-%m-%d at %H:%M} UTC by rootsweep {changes.run.tool_version}."
    warnings = [one_line(one.message, _LONGEST_SENTENCE) for one in warnings_of(changes.run)]
    return [f"{headline(changes.run)}.", *warnings, *reasons[:_MOST_REFUSED], *more, when, since(changes)]


def account_name(item: AccountChange) -> str:
    """Return the account's id, and its name in brackets where it has one."""
    name = one_line(item.account.name or "", _LONGEST_NAME)
    return f"{item.account.id} ({name})" if name else item.account.id


def verdict_words(item: AccountChange) -> str:
    """Return the verdict with its severity."""
    finding = item.finding
    if finding is None:
        return "not in this run"
    severity = f", {finding.severity}" if finding.severity else ""
    return f"{finding.verdict}{severity}{', excepted' if finding.exception else ''}"


def plain_text(changes: Changes, most_bytes: int) -> str:
    """Return the whole text; accounts that do not fit, as JSON writes them in ASCII, are counted at its end."""
    lines = [*first_lines(changes), ""]
    left = most_bytes - sum(map(_size, lines)) - _size("and 1,000,000 further accounts: see the report.")
    for number, item in enumerate(changes.items):
        its_lines = list(_item_lines(item, changes))
        left -= sum(map(_size, its_lines))
        if left < 0:
            lines.append(f"and {counted(len(changes.items) - number, 'further account')}: see the report.")
            break
        lines += its_lines
    return "\n".join(lines)


def _item_lines(item: AccountChange, changes: Changes) -> Iterator[str]:
    yield f"[{WORDS[item.kind]}] {account_name(item)}: {verdict_words(item)}"
    if item.finding is not None:
        yield from _finding_lines(item.finding, changes)


def _finding_lines(finding: Finding, changes: Changes) -> Iterator[str]:
    for reason in finding.reasons:
        yield f"  {one_line(reason.message, _LONGEST_SENTENCE)}"
    for key in finding.keys:
        yield f"  {one_line(describe_key(key, changes.run.finished_at), _LONGEST_SENTENCE)}"
    if finding.next_step:
        yield f"  next step: {one_line(finding.next_step, _LONGEST_SENTENCE)}"


def _size(line: str) -> int:
    return len(json.dumps(f"{line}\n")) - 2
