"""The trend of the page: this run after the earlier ones of the same scope."""

from dataclasses import replace
from datetime import timedelta

from rootsweep.core.history.recorded import RecordedScope, RunRecord
from rootsweep.core.organization import ScopeKind
from rootsweep.core.run import Summary
from rootsweep.reports.formats.html.charts import trend_of
from rootsweep.reports.registry import Presentation
from tests.reports.example_runs import CLEAN, EVERY_KIND, NOW
from tests.reports.formats.parsed_page import parse_page
from tests.reports.shown import OPTIONS, shown


def earlier(days: int, non_compliant: int, excepted: int = 0, insufficient_data: int = 0) -> RunRecord:
    proven = 20 - non_compliant - insufficient_data
    summary = Summary(20, 20, proven, proven, non_compliant, 0, insufficient_data, excepted)
    ended = NOW - timedelta(days=days)
    scope = RecordedScope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5", "")
    return RunRecord(
        days, scope, ended, ended, "0.1.0", complete=True, incomplete_because=None, summary=summary, rejected_inputs=0
    )


def test_without_an_earlier_run_there_is_no_trend() -> None:
    assert trend_of(EVERY_KIND, ()) == ()
    assert "Trend" not in shown("html", EVERY_KIND)


def test_bars_are_shares_of_the_longest_and_the_newest_is_last() -> None:
    rows = trend_of(CLEAN, [earlier(1, 2, 1, 2), earlier(7, 8, 0, 2)])
    assert [(row.when, row.proven) for row in rows] == [
        ("2026-11-17 12:00", "10 of 20"),
        ("2026-11-23 12:00", "16 of 20"),
        ("2026-11-24 12:00", "1 of 1"),
    ]
    assert [(one.style, one.begin, one.share) for one in rows[0].segments] == [
        ("non-compliant", 0.0, 80.0),
        ("insufficient-data", 80.0, 20.0),
    ]
    assert rows[1].text == "1 non-compliant, 1 excepted, 2 could not be judged"
    assert (rows[2].text, rows[2].segments) == ("none", ())


def test_only_the_newest_runs_are_shown() -> None:
    rows = trend_of(CLEAN, [earlier(days, 1) for days in range(1, 100)])
    assert len(rows) == 15
    assert rows[0].when == "2026-11-10 12:00"


def test_runs_without_anything_unproven_have_no_bar() -> None:
    rows = trend_of(CLEAN, [earlier(1, 0)])
    assert [row.segments for row in rows] == [(), ()]


def test_the_page_shows_a_row_for_each() -> None:
    options = replace(OPTIONS[0], presentation=Presentation(earlier_runs=(earlier(1, 3), earlier(2, 4))))
    page = parse_page(shown("html", EVERY_KIND, options))
    (table,) = [one for one in page.elements("table") if "runs" in str(one.attributes.get("class"))]
    rows = table.elements("tr")
    assert len(rows) == 4
    assert "2026-11-22 12:00" in rows[1].words()
    assert "4 non-compliant" in rows[1].words()
