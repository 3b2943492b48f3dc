"""What AWS tells of the root keys of the accounts of access key ids; imported only when AWS is asked, for its SDK is slow."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootsweep.aws.session import SessionOptions
from rootsweep.cli.audit.live_audit import open_ways
from rootsweep.cli.audit.organization_audit import RETRY_MODE
from rootsweep.model.evidence import Access
from rootsweep.model.key_answer import AskedKey, KeyKind, RootKeysSeen
from rootsweep.root_keys_seen import not_reached, seen_live
from rootsweep.sweep.root_key_lists import WORKERS, read_root_keys

_LONGEST_TRY = 30.0


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How AWS is asked: ``access`` is ROOT_SESSION, or OWN for the account of the credentials alone."""

    access: Access
    profile: str | None
    region: str | None
    timeout: timedelta


def ask_aws(
    keys: Collection[AskedKey], asked: LiveOptions, local_clock: Callable[[], datetime]
) -> tuple[tuple[RootKeysSeen, ...], datetime]:
    """Read the root keys of each account that a long-term id holds, and give the time by AWS's clock after that.

    With OWN an id that holds no account is looked for in that of the credentials. Raises ``UsageError`` for settings that make
    no sense, ``CannotRunError`` when AWS does not tell who calls.
    """
    seconds = asked.timeout.total_seconds()
    options = SessionOptions(asked.profile, asked.region, RETRY_MODE, WORKERS, min(_LONGEST_TRY, seconds))
    opened = open_ways(options, asked.timeout, local_clock)
    own, is_own_alone = opened.caller.value.account_id, asked.access is Access.OWN
    held = [key.account_id for key in keys if key.kind is KeyKind.LONG_TERM]
    accounts = dict.fromkeys(account_id or own for account_id in held if account_id or is_own_alone)
    entered = [account_id for account_id in accounts if account_id == own or not is_own_alone]
    seen = [not_reached(account_id, own) for account_id in accounts if account_id not in entered]
    observations = read_root_keys(opened.ways, opened.caller, entered, seconds)
    seen += [seen_live(one.account.id, one.evidence) for one in observations]
    return tuple(seen), opened.ways.session.clock.now()
