"""Secrets of destinations, from the environment or a file, never from the command line; no error repeats one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rootsweep.delivery.destination import Destination, Slack, Webhook
from rootsweep.delivery.webhook_secrets import Secrets, SecretUrl
from rootsweep.errors import UsageError

SLACK_URL: Final = "ROOTSWEEP_SLACK_WEBHOOK_URL"
WEBHOOK_URL: Final = "ROOTSWEEP_WEBHOOK_URL"
WEBHOOK_SECRET: Final = "ROOTSWEEP_WEBHOOK_SECRET"  # noqa: S105  the variable's name

_LEAST_BYTES: Final = 16
_MOST_BYTES: Final = 8192


def read_secrets(
    destinations: Sequence[Destination],
    slack_webhook_file: str | None,
    webhook_url_file: str | None,
    webhook_secret_file: str | None,
) -> Secrets:
    """Read those that the destinations need; raises ``UsageError`` for one that is missing or makes no sense."""
    kinds = {type(one) for one in destinations}
    slack = _url(SLACK_URL, "--slack-webhook-file", slack_webhook_file) if Slack in kinds else None
    if Webhook not in kinds:
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
    """Give the text without blanks around it, and where it is from; a file outranks the environment."""
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
