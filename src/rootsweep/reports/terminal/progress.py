"""How far a sweep has come, on standard error: a line that moves on a terminal, else a line every few seconds."""

import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Final, Protocol, Self, TextIO

from rootsweep.core.finding import Finding, Verdict

_SECONDS_A_LINE: Final = 5.0
_SECONDS_A_REDRAWING: Final = 0.2
_SECONDS_OF_A_RATE: Final = 5.0
_FEW: Final = 10
"""So many accounts at the end are slow ones: how long they take has nothing to do with the rate before."""


class Counts(Protocol):
    """What a sweep tells of itself."""

    listed: int
    done: int
    is_listing_complete: bool


class SweepProgress:
    """Shows done, findings so far, the rate of the last seconds, and what is waited for; ``quiet`` shows nothing.

    ``seconds_each`` is how long one account may take, ``monotonic`` gives seconds. The line that moves is drawn by rich, which
    measures the terminal and restores it.
    """

    def __init__(
        self, stream: TextIO, *, quiet: bool, seconds_each: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._quiet = quiet
        self._seconds_each = seconds_each
        self._monotonic = monotonic
        self._live = None if quiet or not stream.isatty() else _LiveLine(stream)
        self._began = monotonic()
        self._shown_at = self._began
        self._rates: deque[tuple[float, int]] = deque([(self._began, 0)])
        self._keys = 0
        self._unread = 0

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()

    def found(self, finding: Finding) -> None:
        """Count a finding."""
        self._keys += finding.verdict is Verdict.NON_COMPLIANT
        self._unread += finding.verdict is Verdict.INSUFFICIENT_DATA

    def tick(self, counts: Counts) -> None:
        """Show the counts, when it is time to."""
        now = self._monotonic()
        pause = _SECONDS_A_LINE if self._live is None else _SECONDS_A_REDRAWING
        if self._quiet or now - self._shown_at < pause:
            return
        self._shown_at = now
        self._rates.append((now, counts.done))
        while len(self._rates) > 2 and now - self._rates[1][0] >= _SECONDS_OF_A_RATE:  # noqa: PLR2004  a rate needs two
            self._rates.popleft()
        line = self._line(counts)
        if self._live is not None:
            self._live.show(line)
        else:
            self._stream.write(f"rootsweep: {line}\n")
            self._stream.flush()

    def _line(self, counts: Counts) -> str:
        (began, before), (now, done) = self._rates[0], self._rates[-1]
        rate = (done - before) / (now - began) if now > began else 0.0
        of = f"{counts.listed:,}" if counts.is_listing_complete else f"{counts.listed:,} listed so far"
        parts = [f"{counts.done:,} of {of}", f"{self._keys:,} non-compliant", f"{self._unread:,} unread", f"{rate:,.0f}/s"]
        missing = counts.listed - counts.done
        if counts.is_listing_complete and 0 < missing <= _FEW:
            slow = "1 slow account" if missing == 1 else f"{missing} slow accounts"
            parts.append(f"waiting for {slow}, up to {self._seconds_each:.0f} s each")
        elif counts.is_listing_complete and missing and rate > 0:
            left = round(missing / rate)
            parts.append(f"{left // 60}:{left % 60:02d} left")
        return " · ".join(parts) if (self._stream.encoding or "").lower().startswith("utf") else ", ".join(parts)


class _LiveLine:
    """One line that is drawn over itself and gone at the end."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console  # noqa: PLC0415  slow to import, and of use on a terminal alone
        from rich.live import Live  # noqa: PLC0415  the same
        from rich.text import Text  # noqa: PLC0415  the same

        self._text = Text
        self._live = Live(console=Console(file=stream, highlight=False), transient=True, auto_refresh=False)

    def start(self) -> None:
        self._live.start()

    def show(self, line: str) -> None:
        self._live.update(self._text(line, no_wrap=True, overflow="ellipsis"), refresh=True)

    def stop(self) -> None:
        self._live.stop()
