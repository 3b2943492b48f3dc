"""The options that say where what an audit found is sent, with which secrets, and the sending of it."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rootsweep.auditing.request import AuditRequest, Outcome
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.types import option_group
from rootsweep.core.run import Run
from rootsweep.delivery import FORMS
from rootsweep.delivery.secrets import Secrets, SecretUrl
from rootsweep.errors import UsageError
from rootsweep.reports.wording import printable

if TYPE_CHECKING:  # few audits are sent anywhere, and none of the others waits for this
    from rootsweep.core.history.recorded import Drift
    from rootsweep.delivery.destination import Destination
    from rootsweep.delivery.destination import Outcome as DeliveryResult

# Sends what an audit found, once its reports are written.

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Delivering:
    """Where something is sent; ``everything`` tells accounts without a change too, ``required`` makes a failure count."""

    destinations: "tuple[Destination, ...]" = ()
    everything: bool = False
    required: bool = False
    secrets: Secrets = field(default_factory=Secrets)

    def send(self, audited: Outcome, request: AuditRequest, drift: "Drift | None", code: ExitCode, tell: Tell) -> ExitCode:
        """Send, tell what became of each delivery, and give the exit code: ``code``, the audit's own, where nothing changes it.

        ``drift`` is what has changed since the previous run; without it, everything that needs someone is new. Nothing is sent
        of an audit that was interrupted, or was given nothing that it could use.
        """
        if not self.destinations:
            return code
        if audited.interrupted or not audited.is_usable:
            tell("nothing was sent, for the audit is not whole")
            return code
        from rootsweep.delivery.destination import NotSent  # noqa: PLC0415  few audits are sent anywhere

        is_complete = True
        for destination, result in self._tried(audited.run, request, drift):
            is_complete = is_complete and not isinstance(result, NotSent)
            _tell_outcome(destination, result, request, tell)
        return code if is_complete or not self.required else ExitCode.CANNOT_RUN

    def _tried(self, run: Run, request: AuditRequest, drift: "Drift | None") -> "Iterator[tuple[Destination, DeliveryResult]]":
        from rootsweep.cli.delivery_context import open_context  # noqa: PLC0415  the SDK is slow to import
        from rootsweep.delivery.changes import changes_since, everything, first_changes  # noqa: PLC0415  the same
        from rootsweep.delivery.sending import send_all  # noqa: PLC0415  the same

        changes = first_changes(run) if drift is None else changes_since(run, drift)
        context, unreachable = open_context(self.destinations, self.secrets, request)
        yield from unreachable.items()
        reachable = [one for one in self.destinations if one not in unreachable]
        yield from send_all(reachable, everything(changes) if self.everything else changes, context)


def _tell_outcome(destination: "Destination", result: "DeliveryResult", request: AuditRequest, tell: Tell) -> None:
    from rootsweep.delivery.destination import NotSent, Sent  # noqa: PLC0415  the same

    name = printable(destination.name)
    match result:
        case NotSent(problem=problem, advice=advice):
            tell(f"not sent to {name}: {printable(problem)}; {printable(advice)}")
        case Sent(what=what) if not request.quiet:
            tell(f"sent to {name}: {what}")
        case _ if not request.quiet:
            tell(f"nothing to send to {name}: nothing has changed")


class DestinationType(click.ParamType["Destination"]):
    """Where something is sent; a value that is none is not repeated, for it may be a secret URL."""

    name = "destination"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> "Destination":
        """Read the destination."""
        from rootsweep.delivery.destination import Destination, parse_destination  # noqa: PLC0415  the same

        if isinstance(value, Destination):
            return value
        try:
            return parse_destination(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


delivery_options = option_group(
    click.option(
        "--send",
        "destinations",
        type=DestinationType(),
        multiple=True,
        metavar="DESTINATION",
        help=f"Send changes to a destination: {FORMS}. Repeatable.",
    ),
    click.option("--send-all", is_flag=True, help="Send all accounts, not only changes."),
    click.option("--send-required", is_flag=True, help="Exit with code 4 if any delivery fails."),
    click.option("--slack-webhook-file", metavar="FILE", help="File that contains the Slack webhook URL."),
    click.option("--webhook-url-file", metavar="FILE", help="File that contains the webhook URL."),
    click.option("--webhook-secret-file", metavar="FILE", help="File that contains the secret that signs webhook requests."),
)
"""For a command that has ``scope_options`` too; ``take_delivery_options`` reads them."""


def take_delivery_options(options: dict[str, Any]) -> Delivering:
    """Take the values of ``delivery_options`` out of a command's options; raises ``UsageError`` where they are invalid.

    Secrets are read here, so that one that is missing is reported before anything else is done.
    """
    destinations = tuple(dict.fromkeys(options.pop("destinations")))
    everything, required = options.pop("send_all"), options.pop("send_required")
    files = {name: options.pop(name) for name in ("slack_webhook_file", "webhook_url_file", "webhook_secret_file")}
    if (everything or required) and not destinations:
        raise click.UsageError(f"--send-{'all' if everything else 'required'} goes with --send: say where to.")
    if any(one.name == "securityhub" for one in destinations) and _enters_by_root_sessions_alone(options):
        raise click.UsageError(
            "--send securityhub imports each account's finding from inside it, which a root session may not do: name a role "
            "that may call securityhub:BatchImportFindings with --role-name."
        )
    return Delivering(destinations, everything, required, read_secrets(destinations, **files))


def _enters_by_root_sessions_alone(options: dict[str, Any]) -> bool:
    return options["role_name"] is None and (options["organization"] or options["access"] in {"auto", "root-session"})


# Secrets of destinations, from the environment or a file, never from the command line; no error repeats one.

SLACK_URL: Final = "ROOTSWEEP_SLACK_WEBHOOK_URL"
WEBHOOK_URL: Final = "ROOTSWEEP_WEBHOOK_URL"
WEBHOOK_SECRET: Final = "ROOTSWEEP_WEBHOOK_SECRET"  # noqa: S105  the variable's name

_LEAST_BYTES: Final = 16
_MOST_BYTES: Final = 8192


def read_secrets(
    destinations: "Sequence[Destination]",
    slack_webhook_file: str | None,
    webhook_url_file: str | None,
    webhook_secret_file: str | None,
) -> Secrets:
    """Read those that the destinations need; raises ``UsageError`` for one that is missing or is invalid."""
    names = {one.name for one in destinations}
    slack = _url(SLACK_URL, "--slack-webhook-file", slack_webhook_file) if "slack" in names else None
    if "webhook" not in names:
        return Secrets(slack)
    url = _url(WEBHOOK_URL, "--webhook-url-file", webhook_url_file)
    return Secrets(slack, url, _signing_secret(webhook_secret_file))


def _url(variable: str, option: str, path: str | None) -> SecretUrl:
    text, place = _read(variable, option, path)
    try:
        return SecretUrl(text)
    except ValueError as error:
        raise UsageError(f"{place}: {error}", "write the whole URL, which begins with https://") from None


def _signing_secret(path: str | None) -> bytes:
    text, place = _read(WEBHOOK_SECRET, "--webhook-secret-file", path)
    secret = text.encode()
    if len(secret) < _LEAST_BYTES:
        raise UsageError(f"{place}: a secret of {len(secret)} bytes is too short", "make one with `openssl rand -hex 32`")
    return secret


def _read(variable: str, option: str, path: str | None) -> tuple[str, str]:
    """Return the text without spaces around it, and where it is from; a file outranks the environment."""
    if path is not None:
        return _read_file(path, option), option
    text = os.environ.get(variable, "").strip()
    if not text:
        raise UsageError(f"{variable} is not set", f"set it, or name a file with {option}")
    return text, variable


def _read_file(path: str, option: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode().strip()
    except OSError as error:
        raise UsageError(
            f"the file of {option} cannot be read: {error.strerror}", "check its path and who may read it"
        ) from error
    except UnicodeDecodeError:
        raise UsageError(f"the file of {option} is not text in UTF-8", "write the secret alone into it") from None
    if not text or len(content) > _MOST_BYTES:
        raise UsageError(f"the file of {option} is empty, or too long", "write the secret alone into it")
    return text
