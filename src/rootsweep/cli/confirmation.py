"""How a person confirms what a plan is about to do: by typing it, or, for automation, by the plan's digest."""

import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import click

from rootsweep.errors import UsageError
from rootsweep.reports.wording import counted, printable

_TYPED_IDS: Final = 5
"""Up to so many ids are typed; for more a phrase that says how many, and begins the digest of the plan that was shown."""

_SHOWN_OF_DIGEST: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: ``announcement`` and ``lines`` say what will happen to what, ``ids`` are what has to be typed.

    ``verb`` and ``noun`` make the phrase that is typed for many: "delete" and "key" become ``delete 21 keys 3f9c``.
    """

    announcement: str
    lines: Collection[str]
    ids: Collection[str]
    verb: str
    noun: str


def confirm(question: Question, digest: str, given: str | None) -> None:
    """Take ``given`` where it is the digest, else ask at the terminal; raises ``UsageError`` for anything else.

    ``digest`` is that of the plan as it was read and is shown; the phrase is good for no other plan.
    """
    if given is not None:
        if given != digest:
            raise UsageError("--confirm is not the digest of this plan", "show the plan again, and confirm what it says")
        return
    if not sys.stdin.isatty():
        raise UsageError("cannot prompt for confirmation: standard input is not a terminal", f"pass --confirm {digest}")
    click.echo(question.announcement)
    for line in question.lines:
        click.echo(f"  {printable(line)}")
    if 0 < len(question.ids) <= _TYPED_IDS:
        wanted, prompt = " ".join(question.ids), "To confirm, type their ids, separated by spaces"
    else:
        wanted = f"{question.verb} {counted(len(question.ids), question.noun)} {digest[:_SHOWN_OF_DIGEST]}"
        prompt = f"To confirm, type {wanted!r}"
    typed = click.prompt(prompt, prompt_suffix=":\n", default="", show_default=False)
    if sorted(typed.split()) != sorted(wanted.split()):
        raise UsageError("what was typed does not confirm this: nothing was changed", "run the command again")
