"""Text for titles, descriptions and remarks, which are Markdown in OSCAL (its data types markup-line and markup-multiline)."""

import re
from typing import Final

from rootsweep.reports.formats.one_line import one_line

_MARKUP: Final = re.compile(r"[\\`*\[\]<>~^]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
"""What acts on text around it; an underscore within a word does not, nor an ampersand that begins no character reference."""


def literal(text: str) -> str:
    """Give text from outside in one line, so that none of its characters is markup."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))


def prose(text: str) -> str:
    """Give our own sentences in one line: backticks mark what is to be copied, and nothing is HTML."""
    return one_line(text).replace("<", r"\<")
