"""``rootsweep whose``: which account an access key is of, and whether it is the root user's."""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import click

from rootsweep.auditing.request import DEFAULTS, CallerOptions
from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.types import Duration, ProfileName
from rootsweep.cli.output import check_writable, write_result
from rootsweep.cli.waiting import opened_input, tell_if_silent
from rootsweep.core.evidence import Access
from rootsweep.core.judging.key_lookup import Asking, look_up
from rootsweep.core.judging.known_root_keys import from_saved_run
from rootsweep.core.key_answer import AskedKey, KeyAnswers, KnownRootKeys, RootKey
from rootsweep.core.parsing.access_key_id import find_access_key_ids, parse_access_key_id
from rootsweep.errors import UsageError
from rootsweep.reports.contracts import key_lookup_v1
from rootsweep.reports.contracts.audit_v1_read import read_saved_run
from rootsweep.reports.terminal import key_lookup
from rootsweep.version import __version__

_STANDARD_INPUT = "-"
_CHUNK_BYTES = 64 * 1024


@click.command("whose")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--from",
    "paths",
    metavar="RUN.json",
    multiple=True,
    help="Run saved with `rootsweep audit --format json`. Repeatable.",
)
@click.option(
    "--access",
    type=click.Choice([Access.OWN.value, Access.ROOT_SESSION.value]),
    help="Ask AWS: by root sessions in the accounts of the ids, or in the account of the credentials alone.",
)
@click.option("--profile", "-p", type=ProfileName(), metavar="NAME", help="Profile from the AWS configuration files.")
@click.option("--region", envvar="AWS_REGION", metavar="REGION", help="AWS Region for API calls; also selects the partition.")
@click.option(
    "--timeout",
    type=Duration(),
    default=DEFAULTS.timeout,
    metavar="TIME",
    show_default="2m",
    help="Time limit for each account.",
)
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["json", "table"]),
    default="table",
    show_default=True,
    help="Output format.",
)
@click.option("--output", "-o", metavar="FILE", help="Write to FILE (atomically) instead of standard output.")
def command(  # noqa: PLR0913  one parameter an option
    *,
    ids: tuple[str, ...],
    paths: tuple[str, ...],
    access: str | None,
    profile: str | None,
    region: str | None,
    timeout: timedelta,
    format_name: str,
    output: str | None,
) -> int:
    """Show which account an access key id belongs to, and whether it is a root user key.

    The ids are given, or looked for in any text on standard input, of which nothing else is kept. By itself the id tells its
    account; with --from and --access it is compared with the keys of the root user.

    \b
    rootsweep whose AKIARTX3GSDS3Q5JDMT5
    gitleaks git --report-format json --report-path - | rootsweep whose --from run.json
    rootsweep whose --access root-session - < log.txt
    """  # noqa: D301  click reads the backspace as "keep these lines"
    if profile is not None and access is None:
        raise click.UsageError("--profile asks AWS: add --access root-session or --access own.")
    check_writable(output)
    keys = _asked_keys(ids)
    seen = [seen for path in paths for seen in _read_saved_run(path)]
    now = clock.now()
    if access is not None:
        from rootsweep.auditing.key_lists import LiveOptions, ask_aws  # noqa: PLC0415  the SDK is slow to import

        live, now = ask_aws(keys, LiveOptions(Access(access), CallerOptions(profile, region, timeout)), clock.now)
        seen += live
    asking = Asking(runs=bool(paths), live=access is not None)
    answers = KeyAnswers(now, __version__, look_up(keys, seen, asking, now))
    write = key_lookup_v1.write_answers if format_name == "json" else key_lookup.write_answers
    write_result(partial(write, answers), output)
    if answers.counts()[RootKey.YES]:
        return ExitCode.NON_COMPLIANT
    return ExitCode.PROVEN if all(one.is_conclusive for one in answers.answers) else ExitCode.NOT_PROVEN


def _asked_keys(ids: tuple[str, ...]) -> tuple[AskedKey, ...]:
    """Take the ids that were given, and those of standard input; what is not an id may be a secret and is never repeated."""
    found: dict[str, AskedKey] = {}
    for number, text in enumerate(ids or (_STANDARD_INPUT,), start=1):
        for key_id in _ids_of_standard_input(is_asked_for=bool(ids)) if text == _STANDARD_INPUT else (text,):
            key = parse_access_key_id(key_id)
            if key is None:
                raise click.UsageError(f"Argument {number} is not an access key id: AKIA or ASIA, and 16 of A-Z and 2-7.")
            found.setdefault(key.id, key)
    if not found:
        raise UsageError("standard input holds no access key id", "give ids, such as AKIARTX3GSDS3Q5JDMT5, or text with some")
    return tuple(found.values())


def _ids_of_standard_input(*, is_asked_for: bool) -> Iterator[str]:
    """Find the ids on standard input; a terminal is read only where the user asked for it."""
    if sys.stdin.isatty() and not is_asked_for:
        raise click.UsageError("Give access key ids, or text on standard input.")
    stream = sys.stdin.buffer
    tell_if_silent(stream, "standard input")
    # One read at a time: a terminal says once that its input ends, and a buffered read would wait for it again.
    return find_access_key_ids(iter(partial(os.read, stream.fileno(), _CHUNK_BYTES), b""))


def _read_saved_run(path: str) -> list[KnownRootKeys]:
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    try:
        with opened_input(path) as stream:
            content = stream.read()
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        raise UsageError(
            f"the run {shown} cannot be read ({cause})", "check that it exists and that you may read it"
        ) from error
    accounts = read_saved_run(content, shown)
    if accounts is None:
        advice = "save one with `rootsweep audit --format json --output RUN.json`"
        raise UsageError(f"{shown} is no run of `rootsweep audit --format json` (contract rootsweep.audit/1)", advice)
    return [from_saved_run(one) for one in accounts]
