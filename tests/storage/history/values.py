"""Recorded runs and accounts, short to write."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rootsweep.core.evidence import KeyStatus, LastUse, NoLastUse
from rootsweep.core.finding import KeyRow, Severity, Verdict
from rootsweep.core.history.recorded import RecordedAccount, RecordedRun, RecordedScope, RunRecord
from rootsweep.core.organization import ScopeKind
from rootsweep.core.run import Summary

DAY = timedelta(days=1)
BEGIN = datetime(2026, 11, 1, 6, tzinfo=UTC)
CREATED = datetime(2021, 5, 17, 14, 3, 27, tzinfo=UTC)
ORGANIZATION = RecordedScope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5", "")
UNIT = RecordedScope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5", "--ou ou-ab12-11111111")
A, B, C, D = "111122223333", "222233334444", "333344445555", "444455556666"

COMPLIANT, NON_COMPLIANT = Verdict.COMPLIANT, Verdict.NON_COMPLIANT
NOT_APPLICABLE, UNJUDGED = Verdict.NOT_APPLICABLE, Verdict.INSUFFICIENT_DATA
REASONS = {
    COMPLIANT: "no_root_key",
    NON_COMPLIANT: "active_root_key",
    NOT_APPLICABLE: "account_closed",
    UNJUDGED: "access_denied",
}


def key(  # noqa: PLR0913  one parameter a field
    key_id: str | None = None,
    *,
    slot: int | None = None,
    active: bool = True,
    created: datetime | None = None,
    rotated: datetime | None = None,
    last_use: LastUse = NoLastUse.UNKNOWN,
) -> KeyRow:
    return KeyRow(key_id, slot, KeyStatus.ACTIVE if active else KeyStatus.INACTIVE, created, rotated, last_use)


KEY = key("AKIAQNZGKIQY56JQ7WML", created=CREATED)
OTHER = key("AKIAQNZGKIQY56JQ7WMM", created=CREATED + DAY)


def account(
    account_id: str, verdict: Verdict, *keys: KeyRow, excepted: bool = False, name: str | None = None
) -> RecordedAccount:
    return RecordedAccount(
        id=account_id,
        name=name,
        partition="aws",
        state=None,
        is_management_account=False,
        path=None,
        verdict=verdict,
        severity=Severity.CRITICAL if verdict is NON_COMPLIANT else None,
        reasons=(REASONS[verdict],),
        excepted=excepted,
        keys=keys,
    )


def run(
    *accounts: RecordedAccount,
    day: int = 0,
    complete: bool = True,
    scope: RecordedScope = ORGANIZATION,
    number: int | None = None,
) -> RecordedRun:
    return RecordedRun(
        RunRecord(
            number=number,
            scope=scope,
            started_at=BEGIN + day * DAY,
            finished_at=BEGIN + day * DAY + timedelta(minutes=4, microseconds=125),
            tool_version="0.1.0",
            complete=complete,
            incomplete_because=None if complete else "interrupted",
            summary=_summary(accounts),
            rejected_inputs=0,
        ),
        tuple(sorted(accounts, key=lambda one: one.id)),
    )


def _summary(accounts: Sequence[RecordedAccount]) -> Summary:
    count = {verdict: sum(one.verdict is verdict for one in accounts) for verdict in Verdict}
    return Summary(
        len(accounts),
        len(accounts) - count[NOT_APPLICABLE],
        count[COMPLIANT],
        count[COMPLIANT],
        count[NON_COMPLIANT],
        count[NOT_APPLICABLE],
        count[UNJUDGED],
        sum(one.excepted for one in accounts),
    )
