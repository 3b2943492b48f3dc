"""Options that several commands share, added to a command together."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def option_group(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Make one decorator of several options, which ``--help`` shows in this order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


caller_options = option_group(
    click.option("--profile", metavar="NAME", help="A profile of AWS's configuration files."),
    click.option("--region", envvar="AWS_REGION", metavar="REGION", help="The AWS Region to ask."),
)
"""Which credentials of the caller's a command works by, and where."""
