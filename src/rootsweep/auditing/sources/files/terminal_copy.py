"""What was copied from a terminal: prompts and commands stand before and after the output."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_MOST_LINES: Final = 20
"""How many lines before the output may be prompts and commands."""

_MOST_HELD: Final = 1000
_LONGEST: Final = 300

# [user@host ~]$ and user@host:~$, ~ $ of AWS CloudShell, PS C:\> and C:\>, host% of zsh, arrows of themes.
_PROMPT: Final = re.compile(
    r"(?:\([\w.-]+\)\s*)?"
    r"(?:\[[^\[\]<>{}\"|]{1,80}\]|PS [^<>{}\"|]{0,120}|[A-Za-z]:\\[^<>{}\"|]{0,120}|[\w.@:~/\\+ -]{0,120})"
    r"\s?[$#%>\u276f\u279c\u03bb](?:\s+[^\s{\"|].*)?"
)
_COMMAND: Final = re.compile(r"(?:\$\s*)?aws\s+(?:--\S+\s+\S+\s+)*iam\s+(?:get|generate)-[a-z-]+\b.*")


def is_prompt(line: str) -> bool:
    """Tell whether a line is a shell's prompt, alone or with what was typed, or the AWS CLI's command itself.

    A line that shows an ARN, or the root user's name, is none, whatever it looks like.
    """
    text = line.strip()
    if not text or len(text) > _LONGEST or "arn:" in text or "<root" in text:
        return False
    return _PROMPT.fullmatch(text) is not None or _COMMAND.fullmatch(text) is not None


def without_prompts(lines: Iterable[str]) -> Iterator[str]:
    """Return the lines, with a blank line in the place of each prompt before the first and after the last of the others.

    A prompt among others stays what it is, for the reader to refuse.
    """
    held: list[str] = []
    has_begun = False
    for number, line in enumerate(lines):
        if (held and not line.strip()) or ((has_begun or number < _MOST_LINES) and len(held) < _MOST_HELD and is_prompt(line)):
            held.append(line)
        else:
            yield from held if has_begun else ["\n"] * len(held)
            held.clear()
            has_begun = has_begun or bool(line.strip())
            yield line
    yield from ["\n"] * len(held)
