"""Signature Version 4: from a signed request to its caller.

IAM User Guide, "Create a signed AWS API request"; the codes are those of the IAM API reference, "Common Errors", the texts as
AWS answers them. No secret is stored: secret keys follow from the world's seed, and a session token holds its own session,
sealed, as long as it lasts. So ten thousand sessions cost no memory.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from rootsweep_emulator.access.callers import Caller, RoleCaller, RootKeyCaller, RootSessionCaller, UserCaller
from rootsweep_emulator.access.task_policies import TASK_POLICIES
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.http import Request
from rootsweep_emulator.state.account import Keys
from rootsweep_emulator.state.identifiers import account_of
from rootsweep_emulator.state.world import World

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


def authenticate(world: World, verifier: SignatureVerifier, request: Request, authorization: Authorization) -> Caller:
    """Find out who signed a request.

    Raises:
        ServiceError: InvalidClientTokenId for a key that is unknown, inactive or of a closed account (Assumption: so too of a
            suspended one), ExpiredToken for a session that is over, SignatureDoesNotMatch.
    """
    token = request.headers.get("x-amz-security-token")
    key_id = authorization.access_key_id
    caller = _long_term_caller(world, key_id) if token is None else _session_caller(world, key_id, token)
    verifier.verify(request, authorization, secret_of(world.seed, key_id), world.clock.signing_now())
    return caller


def _long_term_caller(world: World, key_id: str) -> Caller:
    account = world.accounts.get(account_of(key_id) or "")
    if account is None or not key_id.startswith("AKIA") or account.state != "ACTIVE":
        raise _invalid_token()
    now = world.clock.now()
    if _is_active(account.root.keys.seen(now), key_id):
        return RootKeyCaller(account, key_id)
    for user in account.users:
        if _is_active(user.keys.seen(now), key_id):
            return UserCaller(account, user, key_id)
    raise _invalid_token()


def _session_caller(world: World, key_id: str, token: str) -> Caller:
    session = unseal(world.seed, token)
    account = None if session is None else world.accounts.get(session.account_id)
    if session is None or account is None or session.access_key_id != key_id or account.state != "ACTIVE":
        raise _invalid_token()
    if world.clock.now() >= session.expires_at:
        raise ServiceError("ExpiredToken", "The security token included in the request is expired")
    if session.task is not None:
        return RootSessionCaller(account, TASK_POLICIES[session.task], key_id, session.issued_at)
    if session.role is None:
        return RootKeyCaller(account, key_id)
    elsewhere = world.accounts.get(session.role_account_id or "", account)
    role = account.role(session.role) or elsewhere.role(session.role)
    if role is None:
        raise _invalid_token()
    return RoleCaller(account, role, session.session_name or "", key_id, session.issued_at)


def _is_active(keys: Keys, key_id: str) -> bool:
    return any(key.id == key_id and key.status == "Active" for key in keys)


def _invalid_token() -> ServiceError:
    return ServiceError("InvalidClientTokenId", "The security token included in the request is invalid.")


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
    """Return the secret key of 40 characters that belongs to a key id."""
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
