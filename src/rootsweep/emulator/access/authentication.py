"""From a signed request to its caller."""

from rootsweep.emulator.access.callers import Caller, RoleCaller, RootKeyCaller, RootSessionCaller, UserCaller
from rootsweep.emulator.access.credentials import secret_of, unseal
from rootsweep.emulator.access.signature import Authorization, SignatureVerifier
from rootsweep.emulator.access.task_policies import TASK_POLICIES
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.request import Request
from rootsweep.emulator.state.account import Keys
from rootsweep.emulator.state.identifiers import account_of
from rootsweep.emulator.state.world import World


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
