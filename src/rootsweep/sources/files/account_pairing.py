"""To which account a summary belongs: the answer of GetAccountSummary does not tell it."""

import re
from collections.abc import Collection
from typing import Final

from rootsweep.errors import InputRefusedError
from rootsweep.sources.files.given_files import STANDARD_INPUT

_ACCOUNT_ID: Final = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)


def account_of_path(path: str, account_ids: Collection[str]) -> str:
    """Find the only 12-digit id in the names of a path as given, or else the only one of ``account_ids``.

    Raises ``InputRefusedError`` when there is none or more than one.
    """
    named: list[str] = [] if path == STANDARD_INPUT else sorted(set(_ACCOUNT_ID.findall(path)))
    if len(named) > 1:
        raise InputRefusedError(
            f"an account summary does not tell its account, and its path names more than one ({', '.join(named)})",
            "keep only the account's own id in the names of the file and its folders",
        )
    candidates = set(named or account_ids)
    if len(candidates) != 1:
        raise InputRefusedError(
            "an account summary does not tell its account",
            "put the 12-digit account id in the name of the file or its folder, or give one --account",
        )
    return candidates.pop()
