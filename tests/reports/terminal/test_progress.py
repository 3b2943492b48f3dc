"""What a sweep shows of its progress: on a terminal, elsewhere, and when it is to be quiet."""

from dataclasses import dataclass
from io import StringIO

from rootsweep.core.finding import Verdict
from rootsweep.reports.terminal.progress import SweepProgress
from tests.reports.example_runs import EXAMPLES

FINDINGS = EXAMPLES["every-kind"].findings
KEYS = sum(finding.verdict is Verdict.NON_COMPLIANT for finding in FINDINGS)
UNREAD = sum(finding.verdict is Verdict.INSUFFICIENT_DATA for finding in FINDINGS)


@dataclass
class Counts:
    listed: int = 0
    done: int = 0
    is_listing_complete: bool = False


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(StringIO):
    @property
    def encoding(self) -> str:  # type: ignore[override]  # StringIO has none
        return "utf-8"

    def isatty(self) -> bool:
        return True


def shown(stream: StringIO, *, quiet: bool = False) -> str:
    clock = Clock()
    progress = SweepProgress(stream, quiet=quiet, seconds_each=10.0, monotonic=clock)
    counts = Counts(listed=2000)
    with progress:
        for finding in FINDINGS:
            progress.found(finding)
        for seconds in range(1, 21):
            clock.now = float(seconds)
            counts.done += 50
            counts.is_listing_complete = seconds > 12
            progress.tick(counts)
    return stream.getvalue()


def test_a_line_every_five_seconds_where_there_is_no_terminal() -> None:
    lines = shown(StringIO()).splitlines()
    assert lines == [
        f"rootsweep: 250 of 2,000 listed so far, {KEYS} non-compliant, {UNREAD} unread, 50/s",
        f"rootsweep: 500 of 2,000 listed so far, {KEYS} non-compliant, {UNREAD} unread, 50/s",
        f"rootsweep: 750 of 2,000, {KEYS} non-compliant, {UNREAD} unread, 50/s, 0:25 left",
        f"rootsweep: 1,000 of 2,000, {KEYS} non-compliant, {UNREAD} unread, 50/s, 0:20 left",
    ]


def test_a_line_that_moves_on_a_terminal() -> None:
    text = shown(Terminal())
    assert "1,000 of 2,000" in text
    assert "0:20 left" in text
    assert "rootsweep: " not in text


def test_nothing_when_quiet() -> None:
    assert shown(StringIO(), quiet=True) == ""
    assert shown(Terminal(), quiet=True) == ""


def test_the_last_accounts_are_waited_for_by_name_of_what_is_slow() -> None:
    clock, stream = Clock(), StringIO()
    progress = SweepProgress(stream, quiet=False, seconds_each=10.0, monotonic=clock)
    counts = Counts(listed=300, done=294, is_listing_complete=True)
    clock.now = 5.0
    progress.tick(counts)
    clock.now, counts.done = 10.0, 299
    progress.tick(counts)
    first, second = stream.getvalue().splitlines()
    assert first.endswith("59/s, waiting for 6 slow accounts, up to 10 s each")
    assert second.endswith("1/s, waiting for 1 slow account, up to 10 s each")
