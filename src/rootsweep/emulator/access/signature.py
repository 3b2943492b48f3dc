"""Signature Version 4, verified.

IAM User Guide, "Create a signed AWS API request"; the codes are those of the IAM API reference, "Common Errors", the texts as
AWS answers them.
"""

import functools
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, unquote

from rootsweep.emulator.access.credentials import signing_key
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.request import Request

ALLOWED_SKEW: Final = 300
"""Seconds that a signature may be older or newer than the server's clock: five minutes."""

_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,]+)/(?P<service>[^/,]+)/aws4_request,"
    r"\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_TIME: Final = "%Y%m%dT%H%M%SZ"
_CACHED_KEYS: Final = 4096
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class Authorization:
    """The Authorization header, taken apart."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: str
    signature: str


def read_authorization(request: Request) -> Authorization | None:
    """Read the Authorization header; None when there is none or it is not of Signature Version 4."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    return None if match is None else Authorization(*match.groups())


class SignatureVerifier:
    """Verifies signatures, keeping derived signing keys as long as there are not too many."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str, str, str], bytes] = {}

    def verify(self, request: Request, authorization: Authorization, secret: str, now: float) -> None:
        """Check the time and the signature of a request.

        Args:
            request: the request as it was read.
            authorization: its Authorization header.
            secret: the secret key of its access key id.
            now: the server's time in epoch seconds.

        Raises:
            ServiceError: SignatureDoesNotMatch, with the reason in AWS's words; IncompleteSignature without a usable date.
        """
        stamp = request.headers.get("x-amz-date", "")
        _check_time(stamp, now)
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{_scope(authorization)}\n{_canonical_digest(request, authorization)}"
        expected = hmac.digest(self._key(authorization, secret), text.encode(), "sha256").hex()
        if not hmac.compare_digest(expected, authorization.signature):
            raise ServiceError(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access"
                " Key and signing method. Consult the service documentation for details.",
            )

    def _key(self, authorization: Authorization, secret: str) -> bytes:
        scope = (secret, authorization.date, authorization.region, authorization.service)
        key = self._keys.get(scope)
        if key is None:
            if len(self._keys) >= _CACHED_KEYS:
                self._keys.clear()
            key = self._keys[scope] = signing_key(*scope)
        return key


def _scope(authorization: Authorization) -> str:
    return f"{authorization.date}/{authorization.region}/{authorization.service}/aws4_request"


def _check_time(stamp: str, now: float) -> None:
    signed_at = _seconds(stamp)
    if signed_at is None:
        raise ServiceError("IncompleteSignature", f"Date must be in ISO-8601 'basic format'. Got '{stamp}'.")
    if abs(now - signed_at) <= ALLOWED_SKEW:
        return
    late = signed_at < now
    limit = _stamp(now - ALLOWED_SKEW if late else now + ALLOWED_SKEW)
    verdict, relation, sign = ("expired", "now earlier", "-") if late else ("not yet current", "still later", "+")
    text = f"Signature {verdict}: {stamp} is {relation} than {limit} ({_stamp(now)} {sign} 5 min.)"
    raise ServiceError("SignatureDoesNotMatch", text)


@functools.lru_cache(maxsize=64)
def _seconds(stamp: str) -> float | None:
    """Read a signature's time; many requests of a second share one."""
    try:
        return datetime.strptime(stamp, _TIME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(_TIME)


def _canonical_digest(request: Request, authorization: Authorization) -> str:
    signed_headers = authorization.signed_headers
    # "You do not normalize URI paths for requests to Amazon S3" (the same page), nor encode them twice.
    path = request.path if authorization.service == "s3" else _canonical_path(request.path)
    lines = [request.method, path, _canonical_query(request.query)]
    lines += [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed_headers.split(";")]
    lines += ["", signed_headers, _payload_digest(request, authorization)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _payload_digest(request: Request, authorization: Authorization) -> str:
    """Digest the body; Amazon S3 lets a caller leave it unsigned (Amazon S3 API reference, "Authorization header")."""
    told = request.headers.get("x-amz-content-sha256")
    return _UNSIGNED if authorization.service == "s3" and told == _UNSIGNED else hashlib.sha256(request.body).hexdigest()


def _canonical_path(path: str) -> str:
    return path if path == "/" else quote(path, safe="/-_.~")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = (pair.partition("=") for pair in query.split("&"))
    encoded = [(quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")) for name, _, value in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))
