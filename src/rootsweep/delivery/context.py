"""What destinations are reached with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rootsweep.aws.session import AccountAccess, Session
from rootsweep.delivery.https import Network, Pace
from rootsweep.delivery.secrets import Secrets


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account of the caller's own credentials."""

    session: Session
    access: AccountAccess
    account_id: str
    partition: str


@dataclass(frozen=True, slots=True)
class EntryRole:
    """The role by which other accounts are entered."""

    name: str
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What the destinations of one run are reached with.

    ``own`` are the caller's accounts by id; the first of them sends what is not sent from inside each account. There is none
    where no destination is of AWS. ``workers`` is how many accounts are entered at once.
    """

    clock: Callable[[], datetime]
    own: Mapping[str, OwnAccount] = field(default_factory=dict)
    role: EntryRole | None = None
    secrets: Secrets = field(default_factory=Secrets)
    network: Network = field(default_factory=Network)
    pace: Pace = field(default_factory=Pace)
    workers: int = 16

    @property
    def sender(self) -> OwnAccount:
        """The account that sends; raises ``StopIteration`` where there is none."""
        return next(iter(self.own.values()))
