"""Whether an access key is the root user's: pure, from what saved runs and AWS tell.

The newest source that can tell decides; where the time of one that shows the key is unknown, the key stands. A key that is in
no list is "not root's" only as of a time at which root's keys were all known.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from rootsweep.core.evidence import KeyStatus
from rootsweep.core.finding import KeyRow
from rootsweep.core.judging.known_root_keys import ASK_FOR_A_LIST
from rootsweep.core.key_answer import AskedKey, KeyAnswer, KeyKind, KnownRootKeys, RootKey
from rootsweep.core.times import ALLOWED_SKEW, to_the_minute

"""How far ahead of this machine's clock AWS's may be, for AWS to take what this machine signs."""

_NO_ACCOUNT: Final = "Its account is unknown: an id of the old generation does not hold it."
_ASK_WHOSE: Final = (
    "ask AWS for the account with `aws sts get-access-key-info --access-key-id ID`, or give a run that listed the keys of "
    "every account by root sessions with --from"
)
_NO_LIST: Final = "A temporary key is in no list of access keys: none tells whose session it is of."
_TEMPORARY: Final = (
    "look for the id in CloudTrail (userIdentity.accessKeyId) of the account to see whose session it is; it ends by itself, "
    "within 36 hours of its start"
)
_DELETE: Final = "as root, in Security credentials, or in a root session (`aws sts assume-root`, IAMDeleteRootUserCredentials)"
_REMOVAL: Final = {
    KeyStatus.ACTIVE: "move what uses the key to an IAM role, deactivate it, and delete it as root, in Security credentials; "
    "where its secret may be known to others, deactivate it at once",
    KeyStatus.INACTIVE: f"delete it {_DELETE}",
    KeyStatus.UNKNOWN: f"deactivate it if it is active, and delete it {_DELETE}",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked beside the ids themselves: ``runs`` and ``live`` tell whether saved runs were given, and AWS asked."""

    runs: bool
    live: bool

    @property
    def anything(self) -> bool:
        """Whether more was asked than what an id itself holds."""
        return self.runs or self.live


def look_up(keys: Iterable[AskedKey], seen: Collection[KnownRootKeys], asking: Asking, now: datetime) -> tuple[KeyAnswer, ...]:
    """Answer for each id in turn, as ``answer`` does."""
    by_account: dict[str, list[KnownRootKeys]] = {}
    for one in seen:
        by_account.setdefault(one.account_id, []).append(one)
    return tuple(answer(key, by_account.get(key.account_id, []) if key.account_id else seen, asking, now) for key in keys)


def answer(key: AskedKey, seen: Collection[KnownRootKeys], asking: Asking, now: datetime) -> KeyAnswer:
    """Answer for one id at the time ``now`` (aware, UTC) from everything that was seen.

    A source that claims to come from the future tells no time.
    """
    told = [one for one in seen if _speaks_of(one, key)]
    account_id = key.account_id or (told[0].account_id if told else None)
    name = next((one.account_name for one in told if one.account_name), None)
    unsettled = KeyAnswer(
        key, account_id, name, RootKey.UNKNOWN, "", is_conclusive=not asking.anything and account_id is not None
    )
    if key.kind is KeyKind.TEMPORARY:
        message = _NO_LIST if account_id else f"{_NO_ACCOUNT} {_NO_LIST}"
        return replace(unsettled, message=message, advice=_TEMPORARY if account_id else _ASK_WHOSE)
    shows = [one for one in told if _row_of(key, one) is not None]
    excludes = [one for one in told if _row_of(key, one) is None and one.is_complete and _known(one, now) is not None]
    yes = max(shows, key=lambda one: _last(one, now), default=None)
    no = max(excludes, key=lambda one: _last(one, now), default=None)
    refused = [one for one in told if one.is_refused and not one.is_complete]
    if yes is not None and (no is None or _last(yes, now) >= _last(no, now)):
        decided = replace(unsettled, root_key=RootKey.YES, key=_row_of(key, yes))
        return _with_sources(decided, yes, _presence(yes, now), refused, now)
    if no is not None:
        return _with_sources(replace(unsettled, root_key=RootKey.NO), no, _absence(no, yes, now), refused, now)
    message, advice = _silence(key, told, asking)
    return replace(unsettled, message=message, advice=advice)


def _with_sources(
    decided: KeyAnswer, by: KnownRootKeys, message: str, refused: Collection[KnownRootKeys], now: datetime
) -> KeyAnswer:
    """Complete an answer with its source; what refused to tell is said beside it, and leaves it unsettled."""
    removal = [] if decided.key is None else [_REMOVAL[decided.key.status]]
    return replace(
        decided,
        message=" ".join([message, *_reasons(refused)]),
        advice="; ".join([*removal, *_advice(refused)]) or None,
        is_conclusive=not refused,
        source=by.source,
        as_of=_known(by, now),
    )


def _speaks_of(one: KnownRootKeys, key: AskedKey) -> bool:
    """Return whether a source is of the id's account; an id that holds none is looked for in all of them."""
    return _row_of(key, one) is not None if key.account_id is None else one.account_id == key.account_id


def _row_of(key: AskedKey, one: KnownRootKeys) -> KeyRow | None:
    return next((row for row in one.keys if row.id == key.id), None)


def _known(one: KnownRootKeys, now: datetime) -> datetime | None:
    return None if one.as_of is None or one.as_of > now + ALLOWED_SKEW else one.as_of


def _last(one: KnownRootKeys, now: datetime) -> datetime:
    """Order by time; an unknown one comes last, for it may be the newest."""
    return _known(one, now) or datetime.max.replace(tzinfo=UTC)


def _presence(yes: KnownRootKeys, now: datetime) -> str:
    return f"It is an access key of the root user of account {yes.account_id}, as of {to_the_minute(_known(yes, now))}."


def _absence(no: KnownRootKeys, yes: KnownRootKeys | None, now: datetime) -> str:
    others = "which has others" if no.keys else "which has none"
    sentence = (
        f"It is no access key of the root user of account {no.account_id}, {others}, as of {to_the_minute(_known(no, now))}"
    )
    if yes is None:
        return f"{sentence}: it is an IAM user's, or was deleted."
    return f"{sentence}: it was one as of {to_the_minute(_known(yes, now))}, and was deleted since."


def _silence(key: AskedKey, told: Collection[KnownRootKeys], asking: Asking) -> tuple[str, str]:
    if key.account_id is None:
        return _NO_ACCOUNT, _ASK_WHOSE
    if not asking.anything:
        return "Whether it is the root user's was not asked.", ASK_FOR_A_LIST
    if not told:
        return f"None of the runs has account {key.account_id}.", ASK_FOR_A_LIST
    timeless = "When what is known was true is not known: it has no time, or one in the future by this machine's clock."
    return " ".join(_reasons(told)) or timeless, "; ".join(_advice(told)) or "check the clock of this machine, and ask again"


def _reasons(seen: Iterable[KnownRootKeys]) -> list[str]:
    return list(dict.fromkeys(one.reason for one in seen if one.reason))


def _advice(seen: Iterable[KnownRootKeys]) -> list[str]:
    return list(dict.fromkeys(one.advice for one in seen if one.advice))
