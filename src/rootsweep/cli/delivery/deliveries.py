"""Sends what an audit found, once its reports are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rootsweep.cli.audit.asked import Asked, Outcome
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.delivery.destination import Destination
from rootsweep.delivery.outcome import NotSent, Sent
from rootsweep.delivery.outcome import Outcome as Became
from rootsweep.delivery.webhook_secrets import Secrets
from rootsweep.model.history import Drift
from rootsweep.model.run import Run
from rootsweep.reports.plain_text import printable

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Delivering:
    """Where something is sent; ``everything`` tells accounts without a change too, ``required`` makes a failure count."""

    destinations: tuple[Destination, ...] = ()
    everything: bool = False
    required: bool = False
    secrets: Secrets = field(default_factory=Secrets)

    def send(self, audited: Outcome, asked: Asked, drift: Drift | None, code: ExitCode, tell: Tell) -> ExitCode:
        """Send, tell what became of each delivery, and give the exit code: ``code``, the audit's own, where nothing changes it.

        ``drift`` is what has changed since the previous run; without it, everything that needs someone is new. Nothing is sent
        of an audit that was interrupted, or was given nothing that it could use.
        """
        if not self.destinations:
            return code
        if audited.interrupted or not audited.is_usable:
            tell("nothing was sent, for the audit is not whole")
            return code
        is_whole = True
        for destination, became in self._tried(audited.run, asked, drift):
            is_whole = is_whole and not isinstance(became, NotSent)
            _tell_outcome(destination, became, asked, tell)
        return code if is_whole or not self.required else ExitCode.CANNOT_RUN

    def _tried(self, run: Run, asked: Asked, drift: Drift | None) -> Iterator[tuple[Destination, Became]]:
        from rootsweep.cli.delivery.means import gather_means  # noqa: PLC0415  the SDK is slow to import
        from rootsweep.delivery.news import everything, first_news, news_since  # noqa: PLC0415  the same
        from rootsweep.delivery.sending import send_all  # noqa: PLC0415  the same

        news = first_news(run) if drift is None else news_since(run, drift)
        means, unreachable = gather_means(self.destinations, self.secrets, asked)
        yield from unreachable.items()
        reachable = [one for one in self.destinations if one not in unreachable]
        yield from send_all(reachable, everything(news) if self.everything else news, means)


def _tell_outcome(destination: Destination, became: Became, asked: Asked, tell: Tell) -> None:
    name = printable(destination.name)
    match became:
        case NotSent(problem=problem, advice=advice):
            tell(f"not sent to {name}: {printable(problem)}; {printable(advice)}")
        case Sent(what=what) if not asked.quiet:
            tell(f"sent to {name}: {what}")
        case _ if not asked.quiet:
            tell(f"nothing to send to {name}: there is no news")
