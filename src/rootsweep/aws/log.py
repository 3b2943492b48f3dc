"""A line for each call to AWS, for ``--debug`` and ``ROOTSWEEP_LOG``: who was asked what, and how it ended; never a secret.

Bodies and headers are not logged. The text of an error is AWS's own and may quote what was signed: it is cut at its first line,
and whatever looks like a secret, a signature or a token in it is left out.
"""

import logging
import re
from typing import Final

from rootsweep.aws.session import AccountAccess
from rootsweep.aws.tries import Tries
from rootsweep.core.answer import Answer, Refusal

LOGGER: Final = logging.getLogger("rootsweep.aws")

_LONGEST: Final = 300
_SECRET: Final = re.compile(r"[A-Za-z0-9+/=_-]{36,}")
"""A secret access key has 40 characters, tokens and signatures have more; names and ids of AWS are shorter."""


def log_call(operation: str, access: AccountAccess, outcome: Answer[object] | Refusal, tries: Tries, seconds: float) -> None:
    """Log one call, with all of its tries."""
    if not LOGGER.isEnabledFor(logging.DEBUG):
        return
    account = access.account_id or "caller"
    ended = f"HTTP {tries.status}" if tries.status else "no answer"
    if isinstance(outcome, Refusal):
        ended += f" {outcome.error_code or outcome.reason.value}"
    said = f" {_without_secrets(tries.message)!r}" if tries.message else ""
    LOGGER.debug(
        "%s in %s %s (%s): %s%s, request %s, %d %s, %.0f ms",
        operation,
        access.region,
        account,
        access.access.value,
        ended,
        said,
        outcome.request_id or "-",
        tries.count,
        "try" if tries.count == 1 else "tries",
        seconds * 1000,
    )


def _without_secrets(message: str) -> str:
    first = message.partition("\n")[0][:_LONGEST]
    return _SECRET.sub("[...]", first)
