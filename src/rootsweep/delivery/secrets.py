"""Secrets of deliveries: a URL of a webhook is as good as a password, and is shown by its host alone."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class SecretUrl:
    """An HTTPS URL; raises ``ValueError`` for any other, with a sentence that does not repeat it."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.value.isascii() or not self.value.isprintable() or " " in self.value:
            raise ValueError("it is not a URL")
        try:
            parts = urlsplit(self.value)
            _ = parts.port
        except ValueError:
            raise ValueError("it is not a URL") from None
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("it is not a URL that begins with https://")
        if parts.username or parts.password:
            raise ValueError("it holds a user name or a password, which would not be sent")

    @property
    def host(self) -> str:
        """The host, without the port."""
        return str(urlsplit(self.value).hostname)

    @property
    def place(self) -> str:
        """Scheme, host and port: what may be shown."""
        port = urlsplit(self.value).port
        return f"https://{self.host}" if port is None else f"https://{self.host}:{port}"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is read from the environment or a file, and is in none of its texts; None where it is not needed."""

    slack_url: SecretUrl | None = None
    webhook_url: SecretUrl | None = None
    webhook_secret: bytes | None = field(default=None, repr=False)
