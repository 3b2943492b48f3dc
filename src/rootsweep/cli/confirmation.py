"""How a person confirms what a plan is about to do: by typing what it is about, or, for automation, by the plan's digest."""

import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import click

from rootsweep.errors import UsageError

_TYPED_IDS: Final = 5
"""Up to so many ids are typed; more are named by the plan's digest, which names them all."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: ``announcement`` and ``lines`` say what will happen to what, ``ids`` are what has to be typed.

    ``aim`` begins the sentence that asks, ``otherwise`` says what an answer that names something else comes to.
    """

    announcement: str
    lines: Collection[str]
    ids: Collection[str]
    aim: str
    otherwise: str


def confirm(question: Question, digest: str, given: str | None) -> None:
    """Take ``given`` where it is the digest, else ask at the terminal; raises ``UsageError`` for anything else."""
    if given is not None:
        if given != digest:
            raise UsageError("--confirm is not the digest of this plan", "show the plan again, and confirm what it says")
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "cannot prompt for confirmation: standard input is not a terminal",
            f"pass --confirm {digest}",
        )
    click.echo(question.announcement)
    for line in question.lines:
        click.echo(f"  {line}")
    by_ids = 0 < len(question.ids) <= _TYPED_IDS
    wanted = " ".join(question.ids) if by_ids else digest
    named = "their ids, separated by spaces" if by_ids else f"the plan's digest, {digest}"
    typed = click.prompt(f"{question.aim} type {named}", prompt_suffix=":\n", default="", show_default=False)
    if sorted(typed.split()) != sorted(wanted.split()):
        raise UsageError(question.otherwise, "run it again")
