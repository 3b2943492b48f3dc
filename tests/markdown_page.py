"""What the docs check needs to know of a Markdown page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class MarkdownPage:
    """One page: where it links to, what can be linked to in it, and what it shows as code."""

    text: str
    _tokens: list[Token] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tokens", list(_flat(MarkdownIt("commonmark").enable("table").parse(self.text))))

    @classmethod
    def read(cls, path: Path) -> "MarkdownPage":
        return cls(path.read_text(encoding="utf-8"))

    @property
    def links(self) -> list[str]:
        """Targets of links and images, as written."""
        return [str(target) for token in self._tokens if (target := token.attrGet("href") or token.attrGet("src")) is not None]

    @property
    def anchors(self) -> set[str]:
        """Fragments that lead to headings, made as GitHub makes them: a repeated heading is numbered from 1."""
        anchors: set[str] = set()
        for opening, content in zip(self._tokens, self._tokens[1:], strict=False):
            if opening.type != "heading_open":
                continue
            words = "".join(child.content for child in content.children or () if child.type in {"text", "code_inline"})
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            number = 0
            while (anchor := f"{slug}-{number}" if number else slug) in anchors:
                number += 1
            anchors.add(anchor)
        return anchors

    @property
    def code(self) -> list[str]:
        """The content of every code span and code block."""
        return [token.content for token in self._tokens if token.type in {"code_inline", "code_block", "fence"}]

    def blocks(self, language: str) -> list[str]:
        """The content of every block of code that is marked as being in a language."""
        return [token.content for token in self._tokens if token.type == "fence" and token.info.strip() == language]

    @property
    def commands(self) -> list[str]:
        """What a reader is shown to type, in blocks marked as console; a trailing backslash joins the next line."""
        lines = [line for block in self.blocks("console") for line in block.replace("\\\n", " ").splitlines()]
        return [line.removeprefix(_PROMPT) for line in lines if line.startswith(_PROMPT)]

    def table_column(self, header: str) -> list[str]:
        """The text of each cell under a header, over all tables of the page."""
        cells: list[str] = []
        row: list[str] = []
        wanted: int | None = None
        for opening, content in zip(self._tokens, self._tokens[1:], strict=False):
            match opening.type:
                case "table_open":
                    wanted = None
                case "tr_open":
                    row = []
                case "th_open" | "td_open":
                    row.append(content.content)
                    if opening.type == "th_open" and content.content == header:
                        wanted = len(row)
                    elif opening.type == "td_open" and len(row) == wanted:
                        cells.append(content.content)
                case _:
                    pass
        return cells


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])
