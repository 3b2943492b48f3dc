"""An HTTP request and reply, apart from any socket."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was read. Header names are lower case; ``query`` is what follows the question mark, undecoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does about a request.

    Attributes:
        delay: seconds to wait before anything is sent.
        reset: the connection is reset instead of answered.
        head_length: the length that is told while the body is left out (RFC 9110, section 9.3.2); None where it is sent.
        declared_length: the length that is told of a body that breaks off; None where it is sent whole.
    """

    status: int
    headers: bytes
    body: bytes
    delay: float = 0.0
    reset: bool = False
    head_length: int | None = None
    declared_length: int | None = None
