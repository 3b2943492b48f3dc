"""The signature of a webhook's request; docs/delivery.md tells how a receiver verifies it."""

import hashlib
import hmac
from typing import Final

HEADER: Final = "Rootsweep-Signature"


def sign(secret: bytes, body: bytes, at: int) -> str:
    """Give the header's value: the time in epoch seconds, and the HMAC-SHA256 of time, a full stop and the body."""
    digest = hmac.new(secret, b"%d.%b" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
