"""What there is to tell of a run."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rootsweep.model.finding import Finding, Verdict
from rootsweep.model.history import Change, Drift, RecordedAccount
from rootsweep.model.organization import Account
from rootsweep.model.run import Run


class NewsKind(StrEnum):
    """What has become of an account since the previous run; ``LISTED`` is told where everything is, changed or not."""

    NEW = "new"
    REAPPEARED = "reappeared"
    LOST_SIGHT_OF = "lost_sight_of"
    FIXED = "fixed"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One account to tell of; ``finding`` is None where the run has no row of it, because it was lost sight of."""

    kind: NewsKind
    account: Account
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class News:
    """What is told of a run; ``previous_run_at`` is when the run ended that it was compared with, None where there was none."""

    run: Run
    items: tuple[NewsItem, ...]
    previous_run_at: datetime | None = None

    def counts(self) -> dict[NewsKind, int]:
        """Count the accounts by what has become of them, in the order of ``NewsKind``; kinds without any are left out."""
        counted = Counter(item.kind for item in self.items)
        return {kind: counted[kind] for kind in NewsKind if counted[kind]}


def first_news(run: Run) -> News:
    """Tell of a run that is compared with none: all that is non-compliant without exception, or could not be judged, is new."""
    return News(run, tuple(NewsItem(NewsKind.NEW, one.account, one) for one in run.findings if _needs_someone(one)))


def news_since(run: Run, drift: Drift) -> News:
    """Tell of what has changed since the previous run; as of ``first_news`` where there was none.

    A non-compliance for which an exception stands is no news.
    """
    if drift.before is None:
        return first_news(run)
    findings = {one.account.id: one for one in run.findings}
    told = [one for one in drift.changes if one.change not in {Change.NEW, Change.REAPPEARED} or one.is_finding]
    items = tuple(_item(NewsKind(one.change.value), one.account, findings.get(one.account.id)) for one in told)
    return News(run, items, drift.before.finished_at)


def everything(news: News) -> News:
    """Tell of every account, those with news first."""
    told = {item.account.id for item in news.items}
    rest = (NewsItem(NewsKind.LISTED, one.account, one) for one in news.run.findings if one.account.id not in told)
    return News(news.run, (*news.items, *rest), news.previous_run_at)


def _needs_someone(finding: Finding) -> bool:
    if finding.verdict is Verdict.NON_COMPLIANT:
        return finding.exception is None
    return finding.verdict is Verdict.INSUFFICIENT_DATA


def _item(kind: NewsKind, recorded: RecordedAccount, finding: Finding | None) -> NewsItem:
    known = Account(
        recorded.id, recorded.name, recorded.partition, recorded.state, recorded.is_management_account, recorded.path
    )
    return NewsItem(kind, known if finding is None else finding.account, finding)
