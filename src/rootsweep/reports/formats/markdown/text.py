"""Texts from outside in GitHub-flavoured Markdown: whatever they hold, they are shown and mean nothing.

A backslash is not enough: GitHub and GitLab look for mentions, references, addresses and emoji in what Markdown has made of a
text, after its escapes are gone. They leave code spans alone, and those read well as plain text too.
"""

import re
from collections.abc import Iterable
from typing import Final

from rootsweep.reports.wording import counted, printable

_LETTERS: Final = r"[^\W\d_]+"
_HARMLESS: Final = rf"{_LETTERS}(?:[-'’/]{_LETTERS})*|\d{{1,6}}|\d{{1,3}}(?:,\d{{3}})+|\d{{4}}-\d\d-\d\d|\d\d:\d\d"  # noqa: RUF001
_PLAIN_WORD: Final = re.compile(rf"[\"'(]*(?:{_HARMLESS})?[\"')]*[.,;:!?]?[\"')]*")
_WRAPPED_WORD: Final = re.compile(r"(?P<before>[\"'(]*)(?P<inside>.*?)(?P<after>[.,;:!?)]*)", re.DOTALL)
_CODE: Final = re.compile(r"`([^`]+)`")
_BACKTICKS: Final = re.compile(r"`+")
_PIPE: Final = "&#124;"


def clipped(text: str, most: int) -> str:
    """Cut a text to ``most`` characters, the last of them an ellipsis where something was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def code(text: str) -> str:
    """Show a text as code, on one line; a pipe stands between two spans, for it would end the cell of a table."""
    return _PIPE.join(_span(part) for part in printable(text).split("|"))


def prose(text: str) -> str:
    """Show sentences: plain words as they are, and everything that could mean something as code."""
    shown = ""
    for number, part in enumerate(_CODE.split(printable(text))):
        following = code(part) if number % 2 else _plain(part)
        shown += f" {following}" if shown.endswith("`") and following.startswith("`") else following
    return shown


def account_id(text: str) -> str:
    """Show an account id, which in a saved run may be any text."""
    return code(clipped(text, 20))


def fenced(lines: tuple[str, ...], indent: str) -> list[str]:
    """Return lines to copy as a block of code, indented so that it belongs to an item of a list."""
    shown = [printable(line) for line in lines]
    fence = "`" * max(3, _longest_run("\n".join(shown)) + 1)
    return [f"{indent}{line}" for line in (fence, *shown, fence)]


def _span(text: str) -> str:
    if not text.strip():
        return text
    fence = "`" * (_longest_run(text) + 1)
    blank = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)


def _plain(text: str) -> str:
    """Show words that stand outside of code; odd ones that follow one another share a span."""
    shown: list[str] = []
    odd: list[str] = []
    for word in re.split(r"( +)", text):
        if odd and not word.strip(" "):
            odd.append(word)
        elif not word.strip(" ") or _PLAIN_WORD.fullmatch(word):
            shown += [_odd(odd), word]
            odd = []
        else:
            odd.append(word)
    return "".join([*shown, _odd(odd)])


def _odd(words: list[str]) -> str:
    text = "".join(words)
    found = _WRAPPED_WORD.fullmatch(text.rstrip(" "))
    if found is None or not found["inside"]:
        return code(text) if text.strip() else text
    blanks = text[len(text.rstrip(" ")) :]
    return f"{found['before']}{code(found['inside'])}{found['after']}{blanks}"


# What fits into a comment, and how many of the rest there are.

ELSEWHERE: Final = "see the JSON or HTML report"


def fitting(pieces: Iterable[str], most: int) -> list[str]:
    """Take pieces from the beginning while they fit into ``most`` bytes, each with a separator of two."""
    taken: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece.encode()) + 2
        if size > most:
            break
        taken.append(piece)
    return taken


def and_more(number: int, noun: str, what: str = "") -> str:
    """Return how many were left out."""
    return f"and {counted(number, f'more {noun}')}{what}: {ELSEWHERE}"


def section(title: str, shown: list[str], number: int, noun: str, between: str = "\n") -> list[str]:
    """Return a section with the pieces that fit, and how many of ``number`` were left out; nothing where there is none."""
    if not number:
        return []
    hidden = number - len(shown)
    return [f"### {title}", *([between.join(shown)] if shown else []), *([f"{and_more(hidden, noun)}."] if hidden else [])]
