"""Secret keys and session tokens.

Nothing is stored: secrets follow from the world's seed, and a token holds its own session, sealed, as long as it lasts. So ten
thousand sessions cost no memory.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from typing import Final, NamedTuple

_SEAL_BYTES: Final = 16
_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode


class Credentials(NamedTuple):
    """What a caller signs with; ``session_token`` is None for a long-term key."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id!r}, ...)"


@dataclass(frozen=True, slots=True)
class Session:
    """What a session token stands for: a role's session, or the root user's, for one task or, in its console, for all.

    Attributes:
        access_key_id: the temporary key that the token belongs to.
        account_id: the account of the session.
        expires_at: epoch seconds.
        role: the role's name; None for a session of the root user.
        session_name: the role's session name.
        task: the task policy's name; None for a role's session, and for that of the root user's console.
        issued_at: epoch seconds.
        role_account_id: the account whose role of this name tells what the session may do, where its own account has none.
    """

    access_key_id: str
    account_id: str
    expires_at: int
    role: str | None = None
    session_name: str | None = None
    task: str | None = None
    issued_at: int = 0
    role_account_id: str | None = None


def _digest(seed: int, *parts: str) -> bytes:
    return hmac.digest(f"rootsweep emulator {seed}".encode(), "\0".join(parts).encode(), "sha256")


def secret_of(seed: int, access_key_id: str) -> str:
    """Give the secret key of 40 characters that belongs to a key id."""
    return base64.b64encode(_digest(seed, "secret", access_key_id)[:30]).decode()


def seal(seed: int, session: Session) -> str:
    """Make the session token of a session."""
    text = _ENCODE(
        [
            session.access_key_id,
            session.account_id,
            session.expires_at,
            session.role,
            session.session_name,
            session.task,
            session.issued_at,
            session.role_account_id,
        ]
    )
    return base64.b64encode(_digest(seed, "token", text)[:_SEAL_BYTES] + text.encode()).decode()


def unseal(seed: int, token: str) -> Session | None:
    """Read a session token; None for one that was not made by :func:`seal` under this seed."""
    try:
        raw = base64.b64decode(token, validate=True)
        text = raw[_SEAL_BYTES:].decode()
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(_digest(seed, "token", text)[:_SEAL_BYTES], raw[:_SEAL_BYTES]):
        return None
    return Session(*json.loads(text))


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """Derive the key of a credential scope (IAM User Guide, "Create a signed AWS API request", "Derive a signing key")."""
    key = hmac.digest(b"AWS4" + secret.encode(), date.encode(), "sha256")
    for part in (region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
