"""A run that ``rootsweep audit --format json`` saved, read back by its contract, ``rootsweep.audit/1``.

Of an account no more is asked for than what is used: keys are added to the contract, and a run that an earlier version saved
lacks them. ``decode_run`` asks for the contract of this version, but for keys that were added since.
"""

import json
from datetime import UTC, datetime
from typing import Final, Literal, TypeVar

import msgspec

from rootsweep.model.evidence import Access, KeyStatus, LastUse, LastUsed, NoLastUse
from rootsweep.model.finding import KeyRow
from rootsweep.model.key_answer import SavedAccount
from rootsweep.reports import contract

S = TypeVar("S", bound=msgspec.Struct)

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_LISTING: Final = "root_access_keys"


class _Evidence(msgspec.Struct, frozen=True):
    source: str
    status: Literal["observed", "unavailable"]
    access: Literal["own", "role", "root-session", "root", "files"]
    observed_at: contract.Time | None


class _Account(msgspec.Struct, frozen=True):
    account_id: str
    name: str | None
    verdict: Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"]
    as_of: contract.Time | None
    reasons: list[contract.MessageEntry]
    warnings: list[contract.MessageEntry]
    keys: list[contract.KeyEntry]
    evidence: list[_Evidence]


class _Run(msgspec.Struct, frozen=True):
    schema: Literal["rootsweep.audit/1"]
    accounts: list[_Account]


class _WholeEvidence(contract.EvidenceEntry, frozen=True, kw_only=True):
    denial: contract.DenialEntry | None = None


class _WholeAccount(contract.AccountEntry, frozen=True, kw_only=True):
    evidence: list[_WholeEvidence]  # type: ignore[assignment]  # it is read, and never changed


class _WholeRun(contract.Audit, frozen=True, kw_only=True):
    """The contract, less what a run of an earlier version may lack."""

    accounts: list[_WholeAccount]  # type: ignore[assignment]  # the same
    warnings: list[contract.MessageEntry] = msgspec.field(default_factory=list)
    left_out: list[contract.LeftOutEntry] = msgspec.field(default_factory=list)


def read_saved_run(content: bytes, path: str) -> tuple[SavedAccount, ...] | None:
    """Give the accounts of a run, ``path`` being where it was read; None when the content is no such run."""
    run = _decode(content, _Run)
    return None if run is None else tuple(_account(entry, path) for entry in run.accounts)


def decode_run(content: bytes) -> contract.Audit | None:
    """Decode a whole run; None when the content is no such run."""
    return _decode(content, _WholeRun)


def _decode(content: bytes, kind: type[S]) -> S | None:
    """Decode in whichever encoding of Unicode the run was saved."""
    try:
        return msgspec.json.decode(content.decode(json.detect_encoding(content)), type=kind)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return None


def _account(entry: _Account, path: str) -> SavedAccount:
    listed = _newest_listing(entry)
    return SavedAccount(
        path=path,
        id=entry.account_id,
        name=entry.name,
        verdict=entry.verdict,
        codes=frozenset(message.code for message in (*entry.reasons, *entry.warnings)),
        keys=tuple(key_row(key) for key in entry.keys),
        as_of=entry.as_of,
        listed_by=None if listed is None else Access(listed.access),
        listed_at=None if listed is None else listed.observed_at,
    )


def _newest_listing(entry: _Account) -> _Evidence | None:
    """Give the list of keys that stands: the newest; none of known time where the time of any is unknown."""
    observed = [piece for piece in entry.evidence if piece.source == _LISTING and piece.status == "observed"]
    timeless = next((piece for piece in observed if piece.observed_at is None), None)
    return timeless or max(observed, key=lambda piece: piece.observed_at or _BEGINNING, default=None)


def key_row(entry: contract.KeyEntry) -> KeyRow:
    """Give a key of the contract as the row that it was."""
    return KeyRow(
        id=entry.id,
        slot=entry.slot,
        status=KeyStatus(entry.status),
        created_at=entry.created_at,
        last_rotated_at=entry.last_rotated_at,
        last_use=_last_use(entry),
    )


def _last_use(entry: contract.KeyEntry) -> LastUse:
    if entry.last_used is not None:
        return LastUsed(entry.last_used.at, entry.last_used.region, entry.last_used.service)
    return NoLastUse.NEVER_RECORDED if entry.last_used_status == "never_recorded" else NoLastUse.UNKNOWN
