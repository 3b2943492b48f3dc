"""What the options of ``rootsweep self-remove`` ask for."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

import click

from rootsweep.documents.access_key_id import parse_access_key_id
from rootsweep.model.key_answer import KeyKind
from rootsweep.model.self_removal import Change, Request

ALL: Final = "all"
"""Stands for every key."""

DEFAULT_MIN_INACTIVE: Final = Request(Change.DELETE).min_inactive


class KeyIdOrAll(click.ParamType[str]):
    """The id of a long-term access key, or ``all``."""

    name = "access key id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form."""
        given = str(value).strip()
        if given.lower() == ALL:
            return ALL
        asked = parse_access_key_id(given)
        if asked is None or asked.kind is not KeyKind.LONG_TERM:
            self.fail(f"{value!r} is not the id of an access key; give AKIA and 16 more characters, or all", param, ctx)
        return asked.id


def check_options(
    delete: Collection[str], *, including_own: bool, without_waiting: bool, min_inactive: timedelta | None
) -> None:
    """Raise ``click.UsageError`` for options that make no sense together."""
    if including_own and ALL not in delete:
        raise click.UsageError("--including-own goes with --delete all; else give --delete the id of the key.")
    if (without_waiting or min_inactive is not None) and not delete:
        raise click.UsageError("--without-waiting and --min-inactive go with --delete.")
    if without_waiting and min_inactive is not None:
        raise click.UsageError("--without-waiting waits for nothing: leave --min-inactive out.")


def make_request(
    changes: Mapping[Change, tuple[str, ...]], *, including_own: bool, without_waiting: bool, min_inactive: timedelta | None
) -> Request | None:
    """Put the options together; None where nothing is to be changed.

    ``changes`` gives the ids, or ALL, that were named for each change. Raises ``click.UsageError`` where these make no sense.
    """
    asked = [(change, ids) for change, ids in changes.items() if ids]
    if len(asked) > 1:
        raise click.UsageError("Give one of --deactivate, --undo and --delete at a time.")
    if not asked:
        return None
    change, ids = asked[0]
    if ALL in ids and len(set(ids)) > 1:
        raise click.UsageError(f"Name keys, or {ALL}, and not both.")
    return Request(
        change,
        None if ALL in ids else frozenset(ids),
        including_own=including_own,
        without_waiting=without_waiting,
        min_inactive=min_inactive or DEFAULT_MIN_INACTIVE,
    )
