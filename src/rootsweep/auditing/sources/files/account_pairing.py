"""To which account saved evidence belongs: the one that the document names, or else the id in the name nearest to it.

The answer of GetAccountSummary names no account. An id counts where it stands alone and can be nothing else, such as a date and
time or the end of a UUID. What is not clear is refused, never guessed.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rootsweep.auditing.sources.files.given_files import STANDARD_INPUT
from rootsweep.errors import InputRefusedError

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}", re.IGNORECASE)
# Letters and digits of any script, in groups between hyphens.
_HYPHENATED: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
# The console writes an account id as 1111-2222-3333.
_QUARTER: Final = re.compile(r"[0-9]{4}")
_PARTS_OF_DASHED: Final = 3
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]+", re.IGNORECASE)

_YEAR, _MONTH, _DAY = r"20(?:0[6-9]|[1-9][0-9])", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME: Final = re.compile(
    rf"(?:{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR}|{_MONTH}{_DAY}{_YEAR})(?:[01][0-9]|2[0-3])[0-5][0-9]", re.ASCII
)
_ACCOUNT_MEMBERS: Final = frozenset({"account", "accountid", "accountnumber", "awsaccount", "awsaccountid"})
_RENAME: Final = (
    "put its 12-digit id in the name of the file or folder, with no letter or digit next to it, or pass one --account"
)


@dataclass(frozen=True, slots=True)
class _Name:
    """What a name holds: account ids that stand alone, and numbers that can be an id as well as a time.

    ``folder`` is the path of the folder that has the name; None for the file's own name.
    """

    folder: str | None
    account_ids: frozenset[str]
    times: frozenset[str]


def account_of_path(path: str, account_ids: Collection[str], what: str) -> str:
    """Find the account that the path names, as ``account_named_by`` does, or else the only one of ``account_ids``.

    Raises ``InputRefusedError`` about ``what``, which does not name its account, when there is none, or more than one.
    """
    named = account_named_by(path, account_ids, what)
    candidates = set(account_ids) if named is None else {named}
    if len(candidates) != 1:
        times = sorted(time for name in _names(path, ()) for time in name.times)
        if times:
            raise InputRefusedError(
                f"{what} does not name its account: {times[0]} in its path can be a date and time",
                f'{_RENAME}; if it is the account id, pass --account {times[0]}, or add "AccountId" to the JSON document',
            )
        raise InputRefusedError(f"{what} does not name its account", _RENAME)
    return candidates.pop()


def account_named_by(path: str, account_ids: Collection[str], what: str) -> str | None:
    """Return the account id in the file's own name, else that in the innermost folder that has one; None without any.

    A number that reads as a date and time is an id only where it is one of ``account_ids``, the accounts that were asked for.
    Raises ``InputRefusedError`` when the name holds two ids.
    """
    for name in _names(path, account_ids):
        if len(name.account_ids) > 1:
            named = ", ".join(sorted(name.account_ids))
            raise InputRefusedError(
                f"{what} does not name its account, and a name in its path names several ({named})",
                "keep only its own account id in the name of the file or folder",
            )
        if name.account_ids:
            return next(iter(name.account_ids))
    return None


def account_filed_under(path: str, account_ids: Collection[str]) -> tuple[str | None, str | None]:
    """Return the account that a file is named for, though its evidence may name another, and the folder that says so.

    The folder is None where the file's own name says it. Both are None where no name does, or where one names several accounts.
    """
    name = next((name for name in _names(path, account_ids) if name.account_ids), None)
    if name is None or len(name.account_ids) > 1:
        return None, None
    return next(iter(name.account_ids)), name.folder


def account_in_document(document: Mapping[str, object]) -> str | None:
    """Return the account that a JSON document names beside an answer of AWS, as ``Account``, ``AccountId`` or ``account_id``.

    None where it names none, or only by an alias. Raises ``InputRefusedError`` for a number that is no account id, and for two.
    """
    found: set[str] = set()
    for member, value in document.items():
        if re.sub(r"[\W_]", "", member).casefold() not in _ACCOUNT_MEMBERS or isinstance(value, bool):
            continue
        text = str(value).strip() if isinstance(value, str | int) else ""
        digits = re.sub(r"(\d{4})-(\d{4})-(\d{4})", r"\1\2\3", text, flags=re.ASCII)
        if _ACCOUNT_ID.fullmatch(digits):
            found.add(digits)
        elif digits.isdigit():
            raise InputRefusedError(
                "the account id of this document does not have 12 digits", "write it as text, with its leading zeros"
            )
    if len(found) > 1:
        raise InputRefusedError("this document names several accounts", "save the answer of each account in a file of its own")
    return next(iter(found), None)


def _names(path: str, account_ids: Collection[str]) -> Iterator[_Name]:
    """Read the names in a path, the file's own first, then its folders from the innermost outwards."""
    if path != STANDARD_INPUT:
        file = Path(os.path.normpath(path))
        for named in (file, *file.parents):
            ids = set(_numbers(_UUID.sub(" ", named.name)))
            times = {one for one in ids if _TIME.fullmatch(one) and one not in account_ids}
            yield _Name(None if named is file else str(named), frozenset(ids - times), frozenset(times))


def _numbers(name: str) -> Iterator[str]:
    """Find the numbers of twelve digits that stand alone, or as 1111-2222-3333 in no longer row of numbers."""
    for run in _HYPHENATED.finditer(name):
        groups = run[0].split("-")
        yield from filter(_ACCOUNT_ID.fullmatch, groups)
        for start in range(len(groups) - _PARTS_OF_DASHED + 1):
            end = start + _PARTS_OF_DASHED
            neighbours = [*groups[max(start - 1, 0) : start], *groups[end : end + 1]]
            if all(map(_QUARTER.fullmatch, groups[start:end])) and not any(map(_HEXADECIMAL.fullmatch, neighbours)):
                yield "".join(groups[start:end])
