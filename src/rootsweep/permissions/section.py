"""A section of the page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, one or two sentences, a document (empty where there is none) and the commands that install it."""

    heading: str
    text: str
    document: str
    commands: tuple[str, ...]
