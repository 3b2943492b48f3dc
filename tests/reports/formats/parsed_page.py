"""An HTML page, taken apart as a browser's parser would: its elements in order, with their attributes and their text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "rect", "wbr"}


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str | None]
    parts: list["Element | str"] = field(default_factory=list)

    def elements(self, tag: str | None = None) -> list["Element"]:
        found = []
        for part in self.parts:
            if isinstance(part, Element):
                found += [part] if tag in {None, part.tag} else []
                found += part.elements(tag)
        return found

    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def words(self) -> str:
        """The text, every run of blanks as one, and a blank between elements."""
        parts = (part if isinstance(part, str) else f" {part.words()} " for part in self.parts)
        return " ".join("".join(parts).split())

    def with_id(self, wanted: str) -> "Element":
        (found,) = [one for one in self.elements() if one.attributes.get("id") == wanted]
        return found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].parts.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def parse_page(text: str) -> Element:
    """Parse; raises AssertionError where a tag closes another than the last that was opened."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    (root,) = parser.open
    return root
