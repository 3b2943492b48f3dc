"""The options that say where what an audit found is sent, for every command that audits."""

from typing import Any

import click

from rootsweep.cli.delivery.deliveries import Delivering
from rootsweep.cli.delivery.given_secrets import read_secrets
from rootsweep.cli.option_groups import option_group
from rootsweep.delivery.destination import FORMS, Destination, SecurityHub, parse_destination


class DestinationType(click.ParamType[Destination]):
    """Where something is sent; a value that is none is not repeated, for it may be a secret URL."""

    name = "destination"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Destination:
        """Read the destination."""
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
        help=f"Send what has changed there: {FORMS}. Repeatable.",
    ),
    click.option("--send-all", is_flag=True, help="Send every account, changed or not."),
    click.option("--send-required", is_flag=True, help="End with exit code 4 where something could not be sent."),
    click.option("--slack-webhook-file", metavar="FILE", help="Holds the URL of the Slack webhook."),
    click.option("--webhook-url-file", metavar="FILE", help="Holds the URL of the webhook."),
    click.option("--webhook-secret-file", metavar="FILE", help="Holds the secret that signs what the webhook gets."),
)
"""For a command that has ``scope_options`` too; ``take_delivery_options`` reads them."""


def take_delivery_options(options: dict[str, Any]) -> Delivering:
    """Take the values of ``delivery_options`` out of a command's options; raises ``UsageError`` where they make no sense.

    Secrets are read here, so that one that is missing is told before anything else is done.
    """
    destinations = tuple(dict.fromkeys(options.pop("destinations")))
    everything, required = options.pop("send_all"), options.pop("send_required")
    files = {name: options.pop(name) for name in ("slack_webhook_file", "webhook_url_file", "webhook_secret_file")}
    if (everything or required) and not destinations:
        raise click.UsageError(f"--send-{'all' if everything else 'required'} goes with --send: say where to.")
    if any(isinstance(one, SecurityHub) for one in destinations) and _enters_by_root_sessions_alone(options):
        raise click.UsageError(
            "--send securityhub imports each account's finding from inside it, which a root session may not do: name a role "
            "that may call securityhub:BatchImportFindings with --role-name."
        )
    return Delivering(destinations, everything, required, read_secrets(destinations, **files))


def _enters_by_root_sessions_alone(options: dict[str, Any]) -> bool:
    return options["role_name"] is None and (options["organization"] or options["access"] in {"auto", "root-session"})
