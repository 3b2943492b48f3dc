"""The page that a person follows: each document, where it goes, and the commands that put it there."""

from collections.abc import Iterable
from textwrap import fill
from typing import Final, assert_never

from rootsweep.model.evidence import Access
from rootsweep.permissions.audit_section import audit_section
from rootsweep.permissions.auditing_principal import auditing_principal
from rootsweep.permissions.partitions import remark
from rootsweep.permissions.role_sections import role_sections
from rootsweep.permissions.root_session_sections import root_session_sections
from rootsweep.permissions.section import Section
from rootsweep.permissions.setup import Setup

_WIDEST: Final = 80


def page(setup: Setup, width: int) -> str:
    """Write the page for ``width`` columns, of which its prose takes 80 at most; documents are never wrapped.

    Raises ``UsageError`` where the setup lacks what a document needs.
    """
    width = min(width, _WIDEST)
    blocks = [_underlined(f"What rootsweep needs: --access {setup.access}, partition {setup.partition}", "=")]
    told = remark(setup)
    if told is not None:
        blocks.append(_prose(told, width))
    for number, section in enumerate([*_sections(setup), audit_section(setup)], start=1):
        blocks += [_underlined(f"{number}. {section.heading}", "-"), _prose(section.text, width)]
        if section.document:
            blocks.append(section.document.rstrip("\n"))
        blocks.append("\n".join(section.commands))
    return "\n\n".join(blocks) + "\n"


def _sections(setup: Setup) -> Iterable[Section]:
    match setup.access:
        case Access.OWN:
            return [
                auditing_principal(
                    setup,
                    "For the role whose credentials run rootsweep, in the account that is audited. It can change nothing.",
                )
            ]
        case Access.ROOT_SESSION:
            return root_session_sections(setup)
        case Access.ROLE:
            return role_sections(setup)
        case Access.ROOT | Access.FILES:
            raise ValueError(setup.access)
        case _:
            assert_never(setup.access)


def _underlined(heading: str, line: str) -> str:
    return f"{heading}\n{line * len(heading)}"


def _prose(text: str, width: int) -> str:
    return fill(text, width, break_on_hyphens=False, break_long_words=False)
