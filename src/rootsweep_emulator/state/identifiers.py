"""Ids as AWS gives them out, derived from a seed so that a scenario has the same ids each time; and the emulator's clock.

The prefixes are documented (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes"). That an id holds its
account is not documented by AWS but public research (WithSecure Labs, "A bitwise analysis of AWS access key identifiers"):
base32 after the prefix; one bit for the generation, then 40 bits of account id. Ids of the old generation begin with I or J
after the prefix.
"""

import base64
import binascii
import functools
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Prefix = Literal["AKIA", "ASIA", "AIDA", "AROA"]

_ID_BYTES: Final = 10
_NEW_GENERATION: Final = 1 << 79
_OLD_GENERATION: Final = 0b0100 << 76
_OLD_REST_MASK: Final = (1 << 76) - 1
_REST_BITS: Final = 39
_ACCOUNT_MASK: Final = (1 << 40) - 1
_ID_LENGTH: Final = 20


def unique_id(prefix: Prefix, account_id: str, *parts: object) -> str:
    """Make the id of 20 characters that holds ``account_id``; the same ``parts`` give the same id."""
    digest = hashlib.sha256(repr((prefix, account_id, *parts)).encode()).digest()
    rest = int.from_bytes(digest[:5], "big") >> 1
    number = _NEW_GENERATION | (int(account_id) << _REST_BITS) | rest
    return prefix + base64.b32encode(number.to_bytes(_ID_BYTES, "big")).decode()


def old_id(prefix: Prefix, *parts: object) -> str:
    """Make the id of 20 characters of the old generation, which holds no account; the same ``parts`` give the same id."""
    digest = hashlib.sha256(repr((prefix, *parts)).encode()).digest()
    number = _OLD_GENERATION | (int.from_bytes(digest[:_ID_BYTES], "big") & _OLD_REST_MASK)
    return prefix + base64.b32encode(number.to_bytes(_ID_BYTES, "big")).decode()


@functools.lru_cache(maxsize=4096)
def account_of(identifier: str) -> str | None:
    """Read the 12-digit account id out of an id; None when it holds none."""
    if len(identifier) != _ID_LENGTH:
        return None
    try:
        number = int.from_bytes(base64.b32decode(identifier[4:]), "big")
    except (binascii.Error, ValueError):
        return None
    return f"{(number >> _REST_BITS) & _ACCOUNT_MASK:012d}" if number & _NEW_GENERATION else None


def lower_id(prefix: str, length: int, *parts: object) -> str:
    """Make an id of Organizations, such as ``o-a1b2c3d4e5``: the prefix and ``length`` of a-z and 0-9.

    Organizations API reference, the patterns of OrganizationId, RootId and OrganizationalUnitId.
    """
    number = int.from_bytes(hashlib.sha256(repr((prefix, *parts)).encode()).digest(), "big")
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    characters = []
    for _ in range(length):
        number, remainder = divmod(number, len(alphabet))
        characters.append(alphabet[remainder])
    return prefix + "".join(characters)


@dataclass(slots=True)
class VirtualClock:
    """Seconds since the epoch, as AWS would see them.

    Advancing moves everyone's time: a caller on this machine still signs by the host's clock, so its signature is judged by
    that (:meth:`signing_now`). A skew moves the server's time alone: signatures are then too old or not yet valid.

    Attributes:
        host: the host's clock, in epoch seconds.
        ahead: seconds that the clock was advanced by.
        skew: seconds that the server is ahead of its callers.
    """

    host: Callable[[], float] = time.time
    ahead: float = 0.0
    skew: float = 0.0

    def now(self) -> float:
        """Return the server's time, which its Date header shows, in epoch seconds."""
        return self.host() + self.ahead + self.skew

    def signing_now(self) -> float:
        """Return the time that a signature is compared with, in epoch seconds."""
        return self.host() + self.skew
