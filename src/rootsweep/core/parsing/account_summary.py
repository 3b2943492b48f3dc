"""What GetAccountSummary says about the root user's access keys.

``AccountAccessKeysPresent`` is a flag, not a count (IAM API reference, GetAccountSummary): 0 is absent, any other is present.
"""

import re
from collections.abc import Mapping
from typing import Final

from rootsweep.core.evidence import AccountSummary
from rootsweep.errors import InputRefusedError

FIELD: Final = "AccountAccessKeysPresent"
COLUMN: Final = "account_access_keys_present"
"""What Steampipe's table aws_iam_account_summary calls the field."""

_SUMMARY_MAP: Final = "SummaryMap"
COMMAND: Final = "get-account-summary"
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_LINE: Final = re.compile(
    r"""(?:[^"'{}]*[:|\s])?                # what grep, a YAML list or a drawn table puts before
        ["']?AccountAccessKeysPresent["']?
        \s*[:=|]\s*
        (?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s",|{}]+))
        [,}|\s]*""",
    re.VERBOSE,
)


def is_account_summary(document: Mapping[str, object]) -> bool:
    """Return whether a JSON object is the answer of GetAccountSummary or its ``SummaryMap`` alone."""
    return _SUMMARY_MAP in document or FIELD in document


def parse_account_summary(document: Mapping[str, object]) -> AccountSummary | None:
    """Read the answer, or its ``SummaryMap`` alone; None when the field is absent from the map.

    Raises ``InputRefusedError`` when the map or the flag is of another type.
    """
    summary_map = document.get(_SUMMARY_MAP, document)
    if not isinstance(summary_map, Mapping):
        raise InputRefusedError(f"the {_SUMMARY_MAP} of this account summary is not a JSON object", _SAVE_AGAIN)
    if FIELD not in summary_map:
        return None
    return AccountSummary(access_keys_present=_flag(summary_map[FIELD]))


def parse_account_summary_line(line: str) -> AccountSummary | None:
    """Read a line that shows the flag: ``"AccountAccessKeysPresent": 0,`` as the CIS benchmark's procedure prints it.

    The prefix of grep, the frame of ``--output table`` and the notation of ``--output yaml`` are understood. None when the line
    does not name the flag or is the command itself; raises ``InputRefusedError`` when it names it in another way.
    """
    if FIELD not in line or COMMAND in line:
        return None
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise InputRefusedError(f"this line names {FIELD} but does not show its value", _SAVE_AGAIN)
    quoted, bare = match["quoted"], match["bare"]
    return AccountSummary(access_keys_present=_flag(bare if quoted is None else quoted))


def _flag(value: object) -> bool:
    match value:
        case bool():
            return value
        case int():
            return value != 0
        case str() if _INTEGER.fullmatch(value.strip()):
            return int(value) != 0
        case str() if value.strip().casefold() in {"true", "false"}:
            return value.strip().casefold() == "true"
        case _:
            raise InputRefusedError(f"the value of {FIELD} is not a number", _SAVE_AGAIN)


_SAVE_AGAIN: Final = "save the output of `aws iam get-account-summary --output json` again"
