"""Who hears of a sweep while it goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from rootsweep.model.finding import Finding
from rootsweep.reports.sweep_progress import SweepProgress


@dataclass(frozen=True, slots=True)
class Listening:
    """``progress`` shows how far it has come; ``tell`` says a sentence to the person; ``on_finding`` hears every finding.

    Without ``tell`` no checkpoint is kept, for nobody would hear of it.
    """

    progress: SweepProgress
    tell: Callable[[str], None] | None = None
    on_finding: Callable[[Finding], None] | None = None
