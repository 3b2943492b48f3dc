"""From a judgement to the row that a person reads: the keys, the warnings, the messages."""

from collections.abc import Collection
from datetime import datetime

from rootsweep.core.evidence import AccessKey, Evidence, KeyStatus, Origin, ReportSlot, RootAccessKeys, SlotState
from rootsweep.core.finding import Finding, Judgement, KeyRow, ReasonCode, Verdict, WarningCode
from rootsweep.core.judging.exceptions import except_finding
from rootsweep.core.judging.messages import Subject, next_step, reason_messages, warning_message
from rootsweep.core.judging.resolution import CurrentEvidence, ResolvedEvidence, resolve
from rootsweep.core.judging.verdict import JudgingRules, judge
from rootsweep.core.organization import Account, AccountState

_STATUS_OF_SLOT = {
    SlotState.ACTIVE: KeyStatus.ACTIVE,
    SlotState.INACTIVE: KeyStatus.INACTIVE,
    SlotState.UNKNOWN: KeyStatus.UNKNOWN,
}


def find(account: Account, evidence: Collection[Evidence], rules: JudgingRules, now: datetime) -> Finding:
    """Judge one account's evidence at the time ``now`` (aware, UTC) and put the outcome in words."""
    seen = resolve(evidence, now)
    judgement = judge(account, seen, rules, now)
    keys = key_rows(seen) if _shows_keys(judgement.verdict, judgement.reasons) else ()
    misnamed = tuple(sorted({_name_of(piece.origin) for piece in evidence if piece.origin.named_for is not None}))
    subject = Subject(account, keys, judgement.as_of, seen, rules, now, misnamed)
    codes = _warnings(subject, judgement)
    finding = Finding(
        account=account,
        verdict=judgement.verdict,
        severity=judgement.severity,
        as_of=judgement.as_of,
        reasons=reason_messages(judgement, subject),
        warnings=tuple(warning_message(code, subject) for code in codes),
        keys=keys,
        procedures=judgement.procedures,
        evidence=tuple(sorted(evidence, key=lambda piece: (piece.source, repr(piece)))),
        next_step=next_step(judgement, subject),
    )
    return except_finding(finding, rules.exceptions, now)


def _name_of(origin: Origin) -> tuple[str, str]:
    return (origin.path or "", origin.named_for or "")


def key_rows(seen: ResolvedEvidence) -> tuple[KeyRow, ...]:
    """Return the keys that were seen.

    Where a key list was read its ids are the keys, and a report's slot only enriches the key whose creation it dates. Otherwise
    the report's slots are the keys. A caller's own key is one of them, or one more.
    """
    slots = tuple(slot for slot in seen.report.fact.slots if slot.state in _STATUS_OF_SLOT) if seen.report else ()
    if seen.keys is not None:
        return _with_caller(_listed_keys(seen.keys, slots), seen)
    return _with_caller(tuple(_row_of_slot(slot) for slot in slots), seen)


def _shows_keys(verdict: Verdict, reasons: Collection[ReasonCode]) -> bool:
    proven_absent = ReasonCode.NO_ROOT_KEY in reasons
    return verdict is not Verdict.NOT_APPLICABLE and not proven_absent


def _listed_keys(listed: CurrentEvidence[RootAccessKeys], slots: tuple[ReportSlot, ...]) -> tuple[KeyRow, ...]:
    return tuple(_row_of_key(key, slots) for key in sorted(listed.fact.keys, key=lambda key: key.id))


def _row_of_key(key: AccessKey, slots: tuple[ReportSlot, ...]) -> KeyRow:
    same_date = [slot for slot in slots if key.created_at is not None and slot.last_rotated_at == key.created_at]
    slot = same_date[0] if len(same_date) == 1 else None
    return KeyRow(
        id=key.id,
        slot=slot.number if slot else None,
        status=key.status,
        created_at=key.created_at,
        last_rotated_at=slot.last_rotated_at if slot else None,
        last_use=key.last_use,
    )


def _row_of_slot(slot: ReportSlot, key_id: str | None = None) -> KeyRow:
    return KeyRow(
        id=key_id,
        slot=slot.number,
        status=_STATUS_OF_SLOT[slot.state],
        created_at=None,
        last_rotated_at=slot.last_rotated_at,
        last_use=slot.last_use,
    )


def _with_caller(rows: tuple[KeyRow, ...], seen: ResolvedEvidence) -> tuple[KeyRow, ...]:
    key_id = seen.caller.fact.root_access_key_id if seen.caller else None
    if key_id is None or any(row.id == key_id for row in rows):
        return rows
    nameless = [row for row in rows if row.id is None and row.status is KeyStatus.ACTIVE]
    if len(nameless) == 1:
        return tuple(_named(row, key_id) if row is nameless[0] else row for row in rows)
    return (*rows, _row_of_caller(key_id))


def _named(row: KeyRow, key_id: str) -> KeyRow:
    return KeyRow(key_id, row.slot, row.status, row.created_at, row.last_rotated_at, row.last_use)


def _row_of_caller(key_id: str) -> KeyRow:
    key = AccessKey(key_id, KeyStatus.ACTIVE)
    return _row_of_key(key, ())


def _warnings(subject: Subject, judgement: Judgement) -> tuple[WarningCode, ...]:
    account, seen, keys = subject.account, subject.seen, subject.keys
    slots = seen.report.fact.slots if seen.report else ()
    caller = seen.caller.fact.root_access_key_id if seen.caller else None
    unlisted = caller is not None and seen.keys is not None and all(key.id != caller for key in seen.keys.fact.keys)
    holds = {
        WarningCode.KEY_DATE_UNREADABLE: any(slot.unreadable and slot.state in _STATUS_OF_SLOT for slot in slots),
        WarningCode.SLOT_UNREAD: any(slot.state is SlotState.UNREAD and not _is_of_further_keys(slot) for slot in slots),
        WarningCode.FURTHER_KEYS_REPORTED: any(_is_of_further_keys(slot) for slot in slots),
        WarningCode.REPORT_TIME_IN_FUTURE: seen.time_in_future,
        WarningCode.REPORT_TIME_UNKNOWN: seen.report is not None and seen.report.fact.generated_at is None,
        WarningCode.REPORT_OLDER_THAN_MAX_AGE: _is_older_than_asked_for(subject)
        and ReasonCode.REPORT_TOO_OLD not in judgement.reasons,
        WarningCode.SOURCE_UNAVAILABLE: bool(seen.unavailable)
        and not judgement.unavailable
        and judgement.verdict is not Verdict.NOT_APPLICABLE,
        WarningCode.OLDER_EVIDENCE_SET_ASIDE: seen.set_aside > 0,
        WarningCode.ANSWER_TIME_UNKNOWN: seen.undated_answer,
        WarningCode.FILE_NAMED_FOR_ANOTHER_ACCOUNT: bool(subject.misnamed),
        WarningCode.CALLER_KEY_NOT_SHOWN_ELSEWHERE: unlisted,
        WarningCode.EVIDENCE_OF_CLOSED_ACCOUNT: account.state is AccountState.CLOSED
        and bool(keys)
        and judgement.verdict is not Verdict.NOT_APPLICABLE,
    }
    return tuple(code for code, applies in holds.items() if applies)


def _is_of_further_keys(slot: ReportSlot) -> bool:
    """Return whether the report counts keys there that no column describes."""
    described = any(column.startswith("access_key_") for column in slot.unreadable)
    return slot.number not in {1, 2} and slot.state is SlotState.UNREAD and not described


def _is_older_than_asked_for(subject: Subject) -> bool:
    report, max_age = subject.seen.report, subject.rules.max_age
    if report is None or report.at is None or max_age is None:
        return False
    return subject.now - report.at > max_age
