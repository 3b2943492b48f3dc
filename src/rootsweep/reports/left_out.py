"""Saved evidence of accounts that the options exclude, in words that every format shares.

Such an account has no row, so that nobody looks for it. Where its evidence shows a key, every report says so at its head.
"""

from collections.abc import Iterable
from typing import Final

from rootsweep.model.evidence import Source
from rootsweep.model.finding import Message
from rootsweep.model.run import LeftOut, Run
from rootsweep.reports.counted import counted

LEFT_OUT_SHOWS_KEY: Final = "left_out_evidence_shows_key"
"""The code of the warning."""

_MOST_IDS: Final = 10
_SOURCES: Final = {
    Source.ROOT_ACCESS_KEYS: "key list",
    Source.ACCOUNT_SUMMARY: "account summary",
    Source.CREDENTIAL_REPORT: "credential report",
    Source.CALLER_IDENTITY: "caller identity",
}


def warnings_of(run: Run) -> tuple[Message, ...]:
    """Return what every report says at its head about the run as a whole."""
    warning = left_out_warning(run)
    return () if warning is None else (Message(LEFT_OUT_SHOWS_KEY, warning),)


def left_out_note(run: Run) -> str | None:
    """Return a sentence that counts the accounts whose evidence was left out; None where there is none."""
    accounts = {one.account_id for one in run.left_out}
    if not accounts:
        return None
    files = counted(len({one.path for one in run.left_out}), "file")
    return f"Left out evidence of {counted(len(accounts), 'account')} outside the scope of this audit ({files})."


def left_out_warning(run: Run) -> str | None:
    """Return a sentence that names the accounts whose left-out evidence shows a root access key; None where none does."""
    named = _ids(one for one in run.left_out if one.shows_key)
    if not named:
        return None
    return f"Evidence that was left out shows a root access key of {named}, which this audit does not judge."


def describe_left_out(one: LeftOut) -> str:
    """Return a sentence on one piece: where it is, whose, and whether it shows a key."""
    shows = "shows a root access key" if one.shows_key else "shows no root access key"
    return f"{one.path} was left out: the {_SOURCES[one.source]} of account {one.account_id}, outside the scope, {shows}."


def _ids(pieces: Iterable[LeftOut]) -> str:
    ids = sorted({one.account_id for one in pieces})
    if not ids:
        return ""
    more = f" and {len(ids) - _MOST_IDS:,} more" if len(ids) > _MOST_IDS else ""
    return f"{'account' if len(ids) == 1 else 'accounts'} {', '.join(ids[:_MOST_IDS])}{more}"
