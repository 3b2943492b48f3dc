"""What there is to tell of a run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from rootsweep.core.finding import Finding, GrantedException, Verdict
from rootsweep.core.history.drift import compare
from rootsweep.core.history.recorded import Drift
from rootsweep.core.run import Run
from rootsweep.delivery.changes import (
    ChangeKind,
    Changes,
    changes_since,
    everything,
    first_changes,
    first_lines,
    plain_text,
    title,
)
from rootsweep.storage.history.recording import record
from tests.delivery.made import HOSTILE, all_of, named, news_of_every_kind
from tests.reports.example_runs import ACTIVE, CLEAN, DENIED, EMPTY, EMPTY_2, EVERY_KIND, EXAMPLES, NOW, finding, report, run

EXCEPTION = GrantedException("owner", "reason", None, NOW + timedelta(days=1))


def drift_of(before: Run | None, now: Run) -> Drift:
    return compare(None if before is None else record(before, ""), record(now, ""))


def told(changes: Changes) -> dict[str, ChangeKind]:
    return {item.account.id: item.kind for item in changes.items}


def ids_of(findings: Sequence[Finding], *verdicts: Verdict) -> set[str]:
    return {one.account.id for one in findings if one.verdict in verdicts}


def test_without_an_earlier_run_all_that_needs_someone_is_new() -> None:
    changes = changes_since(EVERY_KIND, drift_of(None, EVERY_KIND))
    assert changes == first_changes(EVERY_KIND)
    assert set(told(changes)) == ids_of(EVERY_KIND.findings, Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA)
    assert set(told(changes).values()) == {ChangeKind.NEW}


def test_changes_are_told_and_nothing_else() -> None:
    fixed = finding("111111111111", report(EMPTY, EMPTY_2), name="fixed")
    has_key = finding("111111111111", report(ACTIVE, EMPTY_2), name="fixed")
    new = finding("222222222222", report(ACTIVE, EMPTY_2))
    was_clean = finding("222222222222", report(EMPTY, EMPTY_2))
    lost, was_seen = finding("333333333333", DENIED), finding("333333333333", report(EMPTY, EMPTY_2))
    gone = finding("444444444444", report(ACTIVE, EMPTY_2), name="gone")
    same = finding("555555555555", report(ACTIVE, EMPTY_2))
    before, now = run(has_key, was_clean, was_seen, gone, same), run(fixed, new, lost, same)
    changes = changes_since(now, drift_of(before, now))
    assert told(changes) == {
        "111111111111": ChangeKind.FIXED,
        "222222222222": ChangeKind.NEW,
        "333333333333": ChangeKind.LOST_SIGHT_OF,
        "444444444444": ChangeKind.LOST_SIGHT_OF,
    }
    assert changes.previous_run_at == before.finished_at
    assert {item.account.id: item.finding for item in changes.items}["444444444444"] is None
    assert told(everything(changes)) == told(changes) | {"555555555555": ChangeKind.LISTED}


def test_an_exception_keeps_a_finding_from_being_news() -> None:
    excepted = replace(finding("222222222222", report(ACTIVE, EMPTY_2)), exception=EXCEPTION)
    now = run(excepted)
    assert first_changes(now).items == ()
    before = run(finding("222222222222", report(EMPTY, EMPTY_2)))
    assert changes_since(now, drift_of(before, now)).items == ()


def test_a_run_that_is_as_before_is_no_news() -> None:
    assert changes_since(CLEAN, drift_of(CLEAN, CLEAN)).items == ()
    assert changes_since(EVERY_KIND, drift_of(EVERY_KIND, EVERY_KIND)).items == ()


def test_the_title_is_short_and_in_ascii() -> None:
    many = news_of_every_kind()
    changes = Changes(many.run, many.items * 20_000, many.previous_run_at)
    for one in (changes, many, all_of(CLEAN), first_changes(CLEAN)):
        assert len(title(one)) < 100
        assert title(one).isascii()
    assert title(first_changes(CLEAN)) == "rootsweep: no change (1 account)"


def test_the_text_holds_what_is_told_and_nothing_that_acts_on_a_terminal() -> None:
    text = plain_text(all_of(named(EVERY_KIND, HOSTILE)), 100_000)
    assert text.replace("\n", "").isprintable()
    for one in EVERY_KIND.findings:
        assert f"{one.account.id} (<!channel> <@U1>" in text
    assert "The accounts in scope" not in text
    assert "notes.txt was refused" in text


def test_accounts_that_do_not_fit_are_counted() -> None:
    text = plain_text(all_of(EVERY_KIND), 5000)
    assert len(text.encode()) <= 5000
    assert text.splitlines()[-1].startswith("and ")
    assert "further account" in text.splitlines()[-1]


def test_a_message_warns_of_left_out_evidence_that_shows_a_key() -> None:
    assert any("777788889999" in line for line in first_lines(first_changes(EXAMPLES["left-out"])))
