"""The account that an access key id belongs to.

The prefixes are documented (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes"): ``AKIA`` is an access key,
``ASIA`` a temporary one. How the account is encoded is not documented by AWS; it is public research: base32 after the prefix,
the first bit tells the generation, the next 40 bits are the account id in ids of the new generation (WithSecure Labs, "A
bitwise analysis of AWS access key identifiers").
"""

import re
from typing import Final

from rootsweep.model.key_answer import AskedKey, KeyKind

_KEY_ID: Final = re.compile(r"(?:AKIA|ASIA)([A-Z2-7]{16})", re.ASCII)
_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BITS: Final = 80
_ACCOUNT_BITS: Final = 40
_ACCOUNTS: Final = 10**12
_KINDS: Final = {"AKIA": KeyKind.LONG_TERM, "ASIA": KeyKind.TEMPORARY}


def parse_access_key_id(text: str) -> AskedKey | None:
    """Tell what an access key id itself says: its kind, and its account where it holds one; None for any other text."""
    if _KEY_ID.fullmatch(text) is None:
        return None
    return AskedKey(text, _KINDS[text[:4]], account_of_access_key(text))


def account_of_access_key(access_key_id: str) -> str | None:
    """Decode the 12-digit account id; None for an id of the old generation, which does not hold one, and for any other text."""
    match = _KEY_ID.fullmatch(access_key_id)
    if match is None:
        return None
    number = 0
    for character in match[1]:
        number = number * len(_BASE32) + _BASE32.index(character)
    is_new_generation = number >> (_BITS - 1) == 1
    account = (number >> (_BITS - 1 - _ACCOUNT_BITS)) % 2**_ACCOUNT_BITS
    return f"{account:012d}" if is_new_generation and account < _ACCOUNTS else None
