"""An account summary as lines of text: the output of the benchmark's own one-liner."""

import re
from typing import Final

from rootsweep.documents.account_summary import COMMAND, parse_account_summary_line
from rootsweep.errors import InputRefusedError
from rootsweep.model.evidence import AccountSummary

_SAVE_JSON: Final = "save the output of `aws iam get-account-summary --output json`"
_ONE_PER_FILE: Final = "save the output for each account in a file of its own, with the account id in its name"
# What stands around the line in an excerpt: other fields, names of the map, frames and braces, the command that was typed.
_FRAME: Final = " \t|,{}\"'"
_AROUND: Final = re.compile(r"""\w*["']?\s*(?:[:=|]\s*["']?\d*)?|[\W_]*""", re.ASCII)


def read_summary_lines(text: str) -> tuple[AccountSummary, int]:
    """Find the only line that shows the flag; returns what it says and its number, from 1.

    Raises ``InputRefusedError`` when there is no such line, more than one, or one that cannot be read, and when the text is
    more than an excerpt of a summary: a page that explains the benchmark shows the line as well.
    """
    found: tuple[AccountSummary, int] | None = None
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
            continue
        if found is not None:
            raise InputRefusedError(f"a second line shows the flag (the first is line {found[1]})", _ONE_PER_FILE, number)
        found = summary, number
    if found is None:
        raise InputRefusedError("this text names AccountAccessKeysPresent but shows no value of it", _ONE_PER_FILE)
    return found
