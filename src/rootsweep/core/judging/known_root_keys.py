"""What a saved run, or AWS itself, tells of the access keys of an account's root user: pure, and never more than it knows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    Evidence,
    KeyStatus,
    Observed,
    RootAccessKeys,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import KeyRow, ReasonCode, Verdict, WarningCode
from rootsweep.core.key_answer import KeySource, KnownRootKeys, SavedAccount

ASK_FOR_A_LIST: Final = (
    "ask AWS with --access root-session (for the management account, with --access own and credentials of its root user), or "
    "give a run that listed the keys by root sessions with --from"
)
_ASK_WHO_LISTS_KEYS: Final = (
    "ask with credentials of the account's root user; for a member account, also with those of the management account and "
    "--access root-session"
)
_ASK_ITS_ROOT_USER: Final = (
    "no root session can enter the management account: ask with credentials of its root user and --access own"
)
"""What to do where no source has the ids of an account's root keys."""

_CONTRADICTIONS: Final = frozenset({ReasonCode.SOURCES_DISAGREE, WarningCode.CALLER_KEY_NOT_SHOWN_ELSEWHERE})


def from_saved_run(saved: SavedAccount) -> KnownRootKeys:
    """Return what a saved run knows of an account's root keys.

    A list by ids tells of every key. Without it, a run that proves that there is no key at all tells that none is.
    """
    keys = tuple(row for row in saved.keys if row.id is not None)
    proves_none = saved.verdict == Verdict.COMPLIANT and ReasonCode.NO_ROOT_KEY in saved.codes
    as_of = saved.listed_at if saved.listed_by else saved.as_of
    trouble = _trouble(saved, proves_none=proves_none, as_of=as_of)
    return KnownRootKeys(
        account_id=saved.id,
        account_name=saved.name,
        source=KeySource(saved.path, saved.listed_by),
        as_of=as_of,
        keys=keys,
        is_complete=trouble is None,
        reason=trouble,
        advice=None if trouble is None else ASK_FOR_A_LIST,
    )


def _trouble(saved: SavedAccount, *, proves_none: bool, as_of: datetime | None) -> str | None:
    account = f"account {saved.id} in {saved.path}"
    if saved.verdict == Verdict.NOT_APPLICABLE:
        return f"Not known of {account}: it is NOT_APPLICABLE, and no key of it is shown."
    contradictions = sorted(_CONTRADICTIONS & saved.codes)
    if contradictions:
        return f"Not known of {account}: what was read contradicts itself ({', '.join(contradictions)})."
    if saved.listed_by is None and not proves_none:
        return f"Not known of {account}: no root session saw the ids."
    if as_of is None:
        return f"Not known of {account}: it shows the keys as of an unknown time."
    return None


def from_live_evidence(account_id: str, evidence: Iterable[Evidence]) -> KnownRootKeys:
    """Return what AWS itself told of an account's root keys.

    A list by ids tells of every key, and so does an account summary that counts none; a summary that counts a key does not tell
    which it is. A long-term key of root that calls is itself one, whatever was refused.
    """
    told = _Collector(account_id)
    for piece in evidence:
        told.add(piece)
    return told.seen()


class _Collector:
    """Gathers what the pieces of evidence of one account say."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id
        self._keys: dict[str, KeyRow] = {}
        self._whole: Observed | None = None
        self._times: list[tuple[Access, datetime | None]] = []
        self._reasons: list[str] = []
        self._advice: list[str] = []
        self._is_refused = False

    def add(self, piece: Evidence) -> None:
        account = f"account {self._account_id}"
        match piece:
            case Observed(fact=RootAccessKeys(keys=keys)):
                self._keys |= {key.id: _row(key) for key in keys}
                self._whole = piece
            case Observed(fact=AccountSummary(access_keys_present=False)):
                self._whole = self._whole or piece
            case Observed(fact=AccountSummary()):
                self._reasons.append(f"The root user of {account} has an access key, but its account summary tells no id.")
                self._advice.append(_ASK_WHO_LISTS_KEYS)
                self._is_refused = True
            case Observed(fact=CallerIdentity(root_access_key_id=str() as key_id), origin=origin):
                self._keys.setdefault(key_id, _row(AccessKey(key_id, KeyStatus.ACTIVE)))
                self._times.append((origin.access, origin.observed_at))
            case Observed():
                pass
            case Unavailable(source=source, reason=reason, advice=advice, origin=origin, error_code=code):
                what = origin.api_call or source.value
                self._reasons.append(f"AWS does not tell for {account}: {what} ({code or reason.value.replace('_', ' ')}).")
                self._advice.append(_ASK_ITS_ROOT_USER if reason is UnavailableReason.MANAGEMENT_ACCOUNT else advice)
                self._is_refused = True

    def seen(self) -> KnownRootKeys:
        times = [(self._whole.origin.access, self._whole.origin.observed_at)] if self._whole else self._times
        access, as_of = times[0] if times else (None, None)
        is_complete = self._whole is not None and as_of is not None
        return KnownRootKeys(
            account_id=self._account_id,
            account_name=None,
            source=KeySource(None, access),
            as_of=as_of,
            keys=tuple(self._keys.values()),
            is_complete=is_complete,
            is_refused=self._is_refused,
            reason=" ".join(self._reasons) or None,
            advice="; ".join(self._advice) or None,
        )


def _row(key: AccessKey) -> KeyRow:
    return KeyRow(key.id, None, key.status, key.created_at, None, key.last_use)


def not_reached(account_id: str, caller_account_id: str) -> KnownRootKeys:
    """Report that an account is not that of the credentials, when no other was to be entered."""
    return KnownRootKeys(
        account_id=account_id,
        account_name=None,
        source=KeySource(None, None),
        as_of=None,
        is_refused=True,
        reason=f"AWS was not asked for account {account_id}: the credentials are of account {caller_account_id}.",
        advice=_ASK_WHO_LISTS_KEYS,
    )
