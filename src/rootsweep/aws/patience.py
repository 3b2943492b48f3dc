"""How long something is waited for, and how often it is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_FIRST_PAUSE: Final = 0.5
_GROWTH: Final = 1.6
_LONGEST_PAUSE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Patience:
    """A deadline, and how to wait for it: ``sleep`` takes seconds, ``monotonic`` gives them."""

    seconds: float
    monotonic: Callable[[], float]
    sleep: Callable[[float], object]

    def pauses(self) -> Iterator[float]:
        """Wait, ever longer, and give after each wait how many seconds it took; end when the deadline has passed.

        The first pause is half a second and each is 1.6 times as long as the one before, up to ten seconds. The last ends at
        the deadline.
        """
        deadline = self.monotonic() + self.seconds
        pause = _FIRST_PAUSE
        while (left := deadline - self.monotonic()) > 0:
            this_pause = min(pause, left)
            self.sleep(this_pause)
            yield this_pause
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)
