"""Access key ids of chosen accounts, made as the research that `core/parsing/access_key_id.py` names describes them."""

import base64


def key_id_of(account_id: str, serial: int = 0, prefix: str = "AKIA") -> str:
    """Give an id of the new generation that holds this account; another for each serial."""
    bits = (1 << 79) | (int(account_id) << 39) | serial
    return prefix + base64.b32encode(bits.to_bytes(10, "big")).decode()
