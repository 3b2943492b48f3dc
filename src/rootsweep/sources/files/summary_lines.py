"""An account summary as lines of text: the output of the benchmark's own one-liner."""

import re
from typing import Final

from rootsweep.documents.account_summary import COMMAND, parse_account_summary_line
from rootsweep.errors import InputRefusedError
from rootsweep.model.evidence import AccountSummary
from rootsweep.sources.files.account_pairing import account_in_document

_SAVE_JSON: Final = "save the output of `aws iam get-account-summary --output json`"
_ONE_PER_FILE: Final = "save the output for each account in a file of its own, with the account id in its name"
# What stands around the line in an excerpt: other fields, names of the map, frames and braces, the command that was typed.
_FRAME: Final = " \t|,{}\"'"
_AROUND: Final = re.compile(r"""\w*["']?\s*(?:[:=|]\s*["']?\d*)?|[\W_]*""", re.ASCII)


_MEMBER: Final = re.compile(r"""(\w+)["']?\s*[:=|]\s*["']?(\d+)""", re.ASCII)


def read_summary_lines(text: str) -> tuple[AccountSummary, int, str | None]:
    """Find the only line that shows the flag.

    Returns what it says, its number, from 1, and the account that another line names; None where none does.
    Raises ``InputRefusedError`` when there is no such line, more than one, or one that cannot be read, when lines name several
    accounts, and when the text is more than an excerpt of a summary: a page that explains the benchmark shows the line as well.
    """
    found: tuple[AccountSummary, int] | None = None
    account_id: str | None = None
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        try:
            summary = parse_account_summary_line(line)
        except InputRefusedError as error:
            raise InputRefusedError(str(error), error.advice, number) from error
        if summary is None:
            if not _AROUND.fullmatch(line.strip(_FRAME)) and COMMAND not in line:
                raise InputRefusedError(
                    "this text is more than an account summary: it may be an explanation of one", _SAVE_JSON, number
                )
            account_id = _account_named(line, account_id, number)
            continue
        if found is not None:
            raise InputRefusedError(f"a second line shows the flag (the first is line {found[1]})", _ONE_PER_FILE, number)
        found = summary, number
    if found is None:
        raise InputRefusedError("this text names AccountAccessKeysPresent but shows no value of it", _ONE_PER_FILE)
    return *found, account_id


def _account_named(line: str, known: str | None, number: int) -> str | None:
    """Return the account that a line names, else the one that is known; raises ``InputRefusedError`` where they differ."""
    member = _MEMBER.fullmatch(line.strip(_FRAME))
    named = None if member is None else account_in_document({member[1]: member[2]})
    if known is not None and named not in {None, known}:
        raise InputRefusedError("a second line names another account", _ONE_PER_FILE, number)
    return named or known
