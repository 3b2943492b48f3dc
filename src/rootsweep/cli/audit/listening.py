"""Who hears of a sweep while it goes on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from rootsweep.model.finding import Finding
from rootsweep.sweep.engine import Engine


class Progress(AbstractContextManager[Any], Protocol):
    """Shows how far a sweep has come, from entering to leaving it."""

    def found(self, finding: Finding, /) -> None:
        """Take note of a finding."""

    def tick(self, engine: Engine, /) -> None:
        """Look at what the engine counts."""


@dataclass(frozen=True, slots=True)
class Listening:
    """``progress`` shows how far it has come; ``tell`` says a sentence to the person; ``on_finding`` hears every finding.

    Without ``tell`` no checkpoint is kept, for nobody would hear of it.
    """

    progress: Progress
    tell: Callable[[str], None] | None = None
    on_finding: Callable[[Finding], None] | None = None
