"""Which credentials sign a call.

All accounts share one client a service and Region, because a client costs more than all calls that an account needs. The
credentials are swapped for each call: a credential provider that is registered with the botocore session gives out
credentials whose frozen form, which botocore takes again for each request, comes from a context variable. Each thread has a
context of its own, so that no call can be signed with the credentials of another thread's account.
"""

import configparser
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import (
    BotoCoreError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from rootsweep.core.parsing.access_key_id import account_of_access_key

_PLACEHOLDER: Final = "none"


@dataclass(frozen=True, slots=True)
class SessionCredentials:
    """The credentials of a session; ``expires_at`` is aware, in UTC. Secrets are in none of its texts."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(repr=False)
    expires_at: datetime | None = None


_SIGNING: Final[ContextVar[SessionCredentials | None]] = ContextVar("signing", default=None)


@contextmanager
def signing_with(credentials: SessionCredentials | None) -> Iterator[None]:
    """Sign the calls of this thread with these credentials; None for the caller's own."""
    token = _SIGNING.set(credentials)
    try:
        yield
    finally:
        _SIGNING.reset(token)


class AnotherAccountError(BotoCoreError):
    """The caller's own credentials were renewed, and are now those of another account."""

    fmt = "the credentials were renewed for another account"


class NoTerminalError(BotoCoreError):
    """The profile asks for an MFA code, and nobody can type one."""

    fmt = "the profile asks for an MFA code, and standard input is no terminal"


class CredentialsNotHadError(BotoCoreError):
    """What gives the caller's own credentials has failed."""

    fmt = "the credentials cannot be had"


_WHAT_CHAINS_RAISE: Final = (
    OSError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    configparser.Error,
    subprocess.SubprocessError,
    NoConnectionError,
    HTTPClientError,
)
"""What comes out of the SDK's credential chain: it runs programs of the user's, reads files, asks for codes, and calls other
services. That a program is gone, a file is missing, or a renewed session has expired already has no error of its own.
"""


class SwappedCredentials(Credentials):
    """What the clients hold: the credentials of the context, else the caller's own, which renew themselves.

    Who calls is asked once (GetCallerIdentity), so the caller's own credentials must stay those of one account: as soon as
    their key id holds another account than it did, ``AnotherAccountError`` is raised and nothing is signed. Whatever fails in
    the chain that gives them is raised as a ``BotoCoreError`` or ``ClientError``.
    """

    def __init__(self, own: Callable[[], Credentials]) -> None:
        super().__init__(_PLACEHOLDER, _PLACEHOLDER, method="rootsweep")
        self._own = own
        self._own_account: str | None = None
        self._own_key_id: str | None = None

    @property
    def own_key_id(self) -> str:
        """The id of the access key that signed the caller's latest own call; that of the next one where there was none."""
        return self._own_key_id or str(self._own_frozen().access_key)

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the credentials that sign the call at hand (called by botocore, once a request)."""
        chosen = _SIGNING.get()
        if chosen is None:
            own = self._own_frozen()
            account = account_of_access_key(own.access_key)
            self._own_account = self._own_account or account
            if account not in {None, self._own_account}:
                raise AnotherAccountError
            self._own_key_id = own.access_key
            return ReadOnlyCredentials(own.access_key, own.secret_key, own.token)
        return ReadOnlyCredentials(chosen.access_key_id, chosen.secret_access_key, chosen.session_token)

    def _own_frozen(self) -> Any:
        try:
            return self._own().get_frozen_credentials()
        except _WHAT_CHAINS_RAISE as error:
            raise CredentialsNotHadError from error


class SwappingProvider:
    """The session's component ``credential_provider``: all its clients get the same swapped credentials."""

    def __init__(self, credentials: SwappedCredentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Credentials:
        """Return the credentials (called by botocore, once a session)."""
        return self._credentials
