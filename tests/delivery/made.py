"""Changes and a context for the tests of destinations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rootsweep.core.organization import Account
from rootsweep.core.run import Run
from rootsweep.delivery.changes import AccountChange, ChangeKind, Changes, everything, first_changes
from rootsweep.delivery.context import DeliveryContext, EntryRole, OwnAccount
from rootsweep.delivery.https import Pace
from rootsweep_emulator import Emulator
from tests.live import access_of, open_emulated
from tests.reports.example_runs import EVERY_KIND, NOW

QUICK = Pace(seconds=3.0, tries=4, try_seconds=0.5, pause=0.01, longest_pause=0.04)
LONG_AGO = NOW - timedelta(days=7)

HOSTILE = "<!channel> <@U1> & *x* `y` _z_ @here\r\n\x1b[31m\u202e <https://evil.example|click>"


def now() -> datetime:
    return datetime.now(UTC)


def named(run: Run, name: str) -> Run:
    """Give every account of a run the same name."""
    return replace(run, findings=tuple(replace(one, account=replace(one.account, name=name)) for one in run.findings))


def news_of_every_kind() -> Changes:
    changes = first_changes(EVERY_KIND)
    kinds = [ChangeKind.NEW, ChangeKind.REAPPEARED, ChangeKind.LOST_SIGHT_OF, ChangeKind.FIXED]
    items = [replace(item, kind=kinds[number % 4]) for number, item in enumerate(changes.items)]
    gone = AccountChange(ChangeKind.LOST_SIGHT_OF, Account("123412341234", "gone"), None)
    return Changes(EVERY_KIND, (*items, gone), LONG_AGO)


def all_of(run: Run) -> Changes:
    return everything(first_changes(run))


def means_of(emulator: Emulator, caller: str = "management", role: str | None = None, pace: Pace = QUICK) -> DeliveryContext:
    """Give the means of a caller that the scenario names."""
    account_id = emulator.world.named[caller][0]
    access = access_of(emulator, caller)
    partition = emulator.world.account(account_id).partition
    own = OwnAccount(open_emulated(emulator), access, account_id, partition)
    return DeliveryContext(now, {account_id: own}, None if role is None else EntryRole(role), pace=pace)
