"""The docs name every command, flag, exit code, reason and warning, show only what works, and link only to what exists."""

import contextlib
import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click
import pytest

from rootsweep.cli.commands import rootsweep
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.core.evidence import UnavailableReason
from rootsweep.core.finding import ReasonCode, WarningCode
from rootsweep.reports.registry import FORMATS
from tests.markdown_page import MarkdownPage

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
PAGES = {str(path.relative_to(PROJECT)): MarkdownPage.read(path) for path in [*PROJECT.glob("*.md"), *DOCS.rglob("*.md")]}
FLAG = re.compile(r"(?<![\w-])--?[a-z][a-z-]*", re.IGNORECASE)


CONTEXT = click.Context(rootsweep, **rootsweep.context_settings)
COMMANDS = {name: command for name in rootsweep.list_commands(CONTEXT) if (command := rootsweep.get_command(CONTEXT, name))}


OF_EVERY_COMMAND = {"--config", "--debug"}


def page(name: str) -> MarkdownPage:
    assert name in PAGES, f"{name} is missing"
    return PAGES[name]


def documented_flags(markdown: MarkdownPage) -> set[str]:
    return {flag for cell in markdown.table_column("option") for flag in FLAG.findall(cell)}


def flags_of(parameters: Iterable[click.Parameter]) -> set[str]:
    options = [parameter for parameter in parameters if isinstance(parameter, click.Option) and not parameter.hidden]
    return {flag for option in options for flag in chain(option.opts, option.secondary_opts)}


def test_the_index_links_to_the_page_of_every_command() -> None:
    links = {link for link in page("docs/commands/README.md").links if "/" not in link}
    assert links == {f"{name}.md" for name in COMMANDS}


def test_the_index_documents_the_flags_of_the_program_and_those_of_every_command() -> None:
    assert documented_flags(page("docs/commands/README.md")) == flags_of(rootsweep.get_params(CONTEXT)) | OF_EVERY_COMMAND
    assert all(flags_of(leaf.params) >= OF_EVERY_COMMAND for command in COMMANDS.values() for leaf in leaves(command))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_a_command_documents_its_flags(name: str) -> None:
    flags = set().union(*(flags_of(one.params) for one in (COMMANDS[name], *leaves(COMMANDS[name]))))
    assert documented_flags(page(f"docs/commands/{name}.md")) == flags - OF_EVERY_COMMAND


def test_formats_are_the_documented_ones() -> None:
    documented = [cell.strip("`") for cell in page("docs/formats.md").table_column("format")]
    assert sorted(documented) == sorted(FORMATS)


def leaves(command: click.Command) -> list[click.Command]:
    return list(command.commands.values()) if isinstance(command, click.Group) else [command]


def shown_arguments(markdown: MarkdownPage) -> Iterator[list[str]]:
    """Give the arguments of each call of rootsweep that a page shows, whatever it is piped from or to."""
    for line in markdown.commands:
        words = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
        words.whitespace_split = True
        call: list[str] = []
        for word in chain(words, [";"]):
            if word.strip("|&;<>"):
                call.append(word)
                continue
            if call[:1] == ["rootsweep"]:
                yield call[1:]
            call = []


SHOWN = [(name, arguments) for name, markdown in sorted(PAGES.items()) for arguments in shown_arguments(markdown)]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_a_command_shows_it_at_work(name: str) -> None:
    assert any(shown_on == f"docs/commands/{name}.md" and arguments[:1] == [name] for shown_on, arguments in SHOWN)


@pytest.mark.parametrize(("name", "arguments"), SHOWN)
def test_every_shown_call_is_one_that_the_tool_takes(name: str, arguments: list[str]) -> None:  # noqa: ARG001  the page is in the test's name
    # --help and --version end the parsing at once.
    with contextlib.suppress(click.exceptions.Exit):
        rootsweep.make_context("rootsweep", list(arguments))
        command, *rest = arguments
        COMMANDS[command].make_context(command, rest)


def test_exit_codes_are_the_documented_ones() -> None:
    documented = [int(cell.strip("`")) for cell in page("docs/exit-codes.md").table_column("code")]
    assert documented == sorted(ExitCode)


def test_reasons_and_warnings_are_the_documented_ones() -> None:
    documented = {cell.strip("`") for cell in page("docs/verdicts.md").table_column("code")}
    assert documented == {code.value for code in chain(ReasonCode, UnavailableReason, WarningCode)}


def test_the_security_model_speaks_of_every_command() -> None:
    assert {cell.strip("`") for cell in page("docs/security-model.md").table_column("command")} == COMMANDS.keys()


LINKS = [(name, link) for name, markdown in sorted(PAGES.items()) for link in markdown.links if not re.match(r"\w+:", link)]


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_every_internal_link_leads_somewhere(name: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (PROJECT / name).parent / path if path else PROJECT / name
    assert target.exists(), f"{name} links to {path}, which does not exist"
    if anchor:
        assert anchor in MarkdownPage.read(target).anchors, f"{name} links to #{anchor}, which {target.name} does not have"
