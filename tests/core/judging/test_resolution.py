"""Which piece of evidence stands."""

from datetime import UTC, datetime, timedelta

from rootsweep.core.evidence import (
    Access,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Observed,
    Origin,
    ReportSlot,
    SlotState,
)
from rootsweep.core.judging.resolution import KeyPresence, known_time, presence_in_report, resolve

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=30)


def summary(at: datetime | None, *, present: bool) -> Observed:
    return Observed(AccountSummary(present), Origin(Access.OWN, at))


def report(at: datetime | None, state: SlotState) -> Observed:
    return Observed(CredentialReport(at, (ReportSlot(1, state, active=None),)), Origin(Access.FILES))


def test_the_newest_of_known_time_stands() -> None:
    seen = resolve([summary(OLD, present=True), summary(NOW, present=False)], NOW)
    assert seen.summary is not None
    assert (seen.summary.fact.access_keys_present, seen.summary.at, seen.set_aside) == (False, NOW, 1)


def test_of_one_time_the_strictest_stands() -> None:
    seen = resolve([report(OLD, SlotState.NO_KEY), report(OLD, SlotState.INACTIVE)], NOW)
    assert seen.report is not None
    assert seen.report.presence is KeyPresence.INACTIVE


def test_an_unknown_time_leaves_it_to_the_strictest_and_takes_the_time_from_all() -> None:
    seen = resolve([report(NOW, SlotState.NO_KEY), report(None, SlotState.NO_KEY), report(OLD, SlotState.ACTIVE)], NOW)
    assert seen.report is not None
    assert (seen.report.presence, seen.report.at) == (KeyPresence.ACTIVE, None)


def test_a_time_in_the_future_is_unknown() -> None:
    assert known_time(NOW + timedelta(seconds=1), NOW) is None
    assert known_time(NOW, NOW) == NOW
    assert resolve([report(NOW + timedelta(days=1), SlotState.NO_KEY)], NOW).time_in_future


def test_a_caller_without_a_root_key_is_no_evidence() -> None:
    seen = resolve([Observed(CallerIdentity(None), Origin(Access.OWN, NOW))], NOW)
    assert (seen.caller, seen.set_aside) == (None, 0)


def test_a_report_without_slots_is_unread() -> None:
    assert presence_in_report(CredentialReport(NOW, ())) is KeyPresence.UNREAD
