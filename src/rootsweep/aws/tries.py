"""Whether AWS may have acted on a call that has no answer: the one place that decides it, by how each try of the call ended.

AWS surely did not act where it refused the try itself, or where nothing was sent. Every other end leaves it open: a connection
that is reset, no answer in time, an error of AWS's own servers, a redirect, a proxy's page, an answer that cannot be read. The
SDK tries a call several times, and a try that may have acted counts whatever the answer to later ones: ``NoSuchEntity`` after a
lost reply is the trace of a deletion.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError

_NOTHING_SENT: Final = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
"""What botocore raises where no connection came about."""

_FIRST_CLIENT_FAULT: Final = 400
_FIRST_SERVER_FAULT: Final = 500

_SERVER_FAULTS: Final = frozenset(
    {
        "GatewayTimeout",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "RequestTimeout",
        "Service",
        "ServiceFailure",
        "ServiceUnavailable",
        "Unavailable",
    }
)
"""Codes of AWS's own failures, without ``Exception``: Organizations' ServiceException may come with any status, 400 too."""


@dataclass(slots=True)
class Tries:
    """The tries of one call so far; ``may_have_acted`` is False only where AWS surely did not act on any of them.

    ``status`` and ``message`` are the HTTP status and the error text of the last answer, None where none came.
    """

    has_acted: bool = False
    is_under_way: bool = False
    count: int = 0
    status: int | None = None
    message: str | None = None

    @property
    def may_have_acted(self) -> bool:
        """Whether a try ended so that AWS may have acted, or was sent and its end never told."""
        return self.has_acted or self.is_under_way


_TRIES: Final[ContextVar[Tries | None]] = ContextVar("tries", default=None)


@contextmanager
def following_tries() -> Iterator[Tries]:
    """Follow the tries that this thread makes."""
    tries = Tries()
    token = _TRIES.set(tries)
    try:
        yield tries
    finally:
        _TRIES.reset(token)


def begin_try(**_: Any) -> None:
    """Note that a try is about to be sent (called by botocore, on ``before-send``)."""
    tries = _TRIES.get()
    if tries is not None:
        tries.is_under_way = True
        tries.count += 1


def end_try(parsed_response: Mapping[str, Any] | None, exception: Exception | None, **_: Any) -> None:
    """Judge how a try ended (called by botocore, on ``response-received``; not for an answer that it cannot parse)."""
    tries = _TRIES.get()
    if tries is None:
        return
    surely_not = isinstance(exception, _NOTHING_SENT) if parsed_response is None else is_refusal_of_aws(parsed_response)
    tries.has_acted = tries.has_acted or not surely_not
    tries.is_under_way = False
    answer = parsed_response or {}
    tries.status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    tries.message = answer.get("Error", {}).get("Message")


def is_refusal_of_aws(answer: Mapping[str, Any]) -> bool:
    """Return whether an answer is AWS's own refusal of a call: an error document with a code, a request id, a status of 4xx."""
    metadata = answer.get("ResponseMetadata", {})
    code = str(answer.get("Error", {}).get("Code") or "")
    status = int(metadata.get("HTTPStatusCode") or 0)
    is_from_aws = bool(code) and not code.isdigit() and metadata.get("RequestId") is not None
    is_client_fault = _FIRST_CLIENT_FAULT <= status < _FIRST_SERVER_FAULT
    return is_from_aws and is_client_fault and code.removesuffix("Exception") not in _SERVER_FAULTS
