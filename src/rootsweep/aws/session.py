"""The caller's credentials and settings as every AWS tool finds them, the shared clients, and who signs a call."""

import os
import ssl
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from getpass import getpass
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ConfigNotFound,
    ConfigParseError,
    InvalidRetryConfigurationError,
    NoCredentialsError,
    ProfileNotFound,
    UnknownCredentialError,
)
from botocore.loaders import Loader, create_loader

from rootsweep.aws.clock import ServerClock
from rootsweep.aws.credentials import NoTerminalError, SessionCredentials, SwappedCredentials, SwappingProvider
from rootsweep.aws.pacing import LIMITED_SERVICES, AdaptiveLimiter, end_tries_at_the_deadline
from rootsweep.aws.tries import begin_try, end_try
from rootsweep.core.evidence import Access
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.version import __version__

LEAST_ATTEMPTS: Final = 5
"""How often a call is made before its failure counts, whatever AWS_MAX_ATTEMPTS says."""

_CONNECT_SECONDS: Final = 10
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ISOLATED: Final = Config(proxies={}, use_fips_endpoint=False, use_dualstack_endpoint=False)


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a person may choose; None leaves it to AWS's own settings.

    ``retry_mode`` is a botocore retry mode for where the profile names none. ``connections`` is how many calls to one
    service may be under way at once, ``read_seconds`` how long one try waits for its answer. ``endpoint`` is for the embedded
    organization alone, and must be on this machine: with it, nothing of the environment and of AWS's configuration files is
    read, no proxy is used, the caller has no credentials of its own, and nothing but this URL is ever called. ``given`` is a
    session of botocore or boto3: its credentials, profile and Region are used, and it is not changed.
    """

    profile: str | None = None
    region: str | None = None
    retry_mode: str | None = None
    connections: int = 10
    read_seconds: float = 30.0
    endpoint: str | None = None
    given: Any = None


class Session:
    """One botocore session with one client a service and Region; safe to share between threads."""

    def __init__(self, options: SessionOptions, clock: Callable[[], datetime]) -> None:
        self.clock = ServerClock(clock)
        self._options = options
        self._botocore = _botocore_session(options)
        # The global endpoint of STS does not know AssumeRoot.
        self._botocore.set_config_variable("sts_regional_endpoints", "regional")
        own = _OwnCredentials(_chain_of(options, self._botocore))
        self._credentials = SwappedCredentials(own.load)
        self._botocore.register_component("credential_provider", SwappingProvider(self._credentials))
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()
        self._limiters = {service: AdaptiveLimiter(options.connections) for service in LIMITED_SERVICES}
        self.profile: str | None = self._botocore.profile
        self.region: str = real_region(options.region or _region_of(options.given, self._botocore))
        self._config = self._client_config()

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a Region; raises BotoCoreError when it cannot be made."""
        known = self._clients.get((service, region))
        if known is not None:
            return known
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._new_client(service, region)
            return self._clients[service, region]

    @property
    def certificates(self) -> str | None:
        """The bundle of certificates that the settings name; None for those that come with the SDK."""
        path: str | None = self._botocore.get_config_variable("ca_bundle")
        return path

    def limiter(self, service: str) -> AbstractContextManager[None]:
        """Wait until a call to the service may be made, and hold its place."""
        limiter = self._limiters.get(service)
        return nullcontext() if limiter is None else limiter.passed()

    def _new_client(self, service: str, region: str) -> Any:
        client = self._botocore.create_client(
            service, region_name=region, endpoint_url=self._options.endpoint, config=self._config
        )
        client.meta.events.register_first("before-send", begin_try)
        client.meta.events.register_first("response-received", end_try)
        client.meta.events.register_first("needs-retry", end_tries_at_the_deadline)
        if service in self._limiters:
            client.meta.events.register_first("needs-retry", self._limiters[service].watch)
        return client

    def own_access_key_id(self) -> str:
        """Return the id of the access key that signed the latest of the caller's own calls.

        Before the first it is looked for, and BotoCoreError is raised when there is none.
        """
        return self._credentials.own_key_id

    def _client_config(self) -> Config:
        its_own = self._botocore
        attempts = its_own.get_config_variable("max_attempts") or LEAST_ATTEMPTS
        # The SDK cannot tell a mode that the profile names from its own default.
        mode = its_own.get_scoped_config().get("retry_mode") or self._options.retry_mode
        mode = mode or its_own.get_config_variable("retry_mode")
        retries: Any = {"mode": mode, "total_max_attempts": max(attempts, LEAST_ATTEMPTS)}
        config = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=self._options.read_seconds,
            max_pool_connections=self._options.connections,
            retries=retries,
            user_agent_extra=f"rootsweep/{__version__}",
            parameter_validation=False,
        )
        return config if self._options.endpoint is None else config.merge(_ISOLATED)


class _OwnCredentials:
    """The caller's own credentials, looked for once by the default chain; without a chain there are none."""

    def __init__(self, chain: Any) -> None:
        self._chain = chain
        self._found: Credentials | None = None
        self._lock = Lock()

    def load(self) -> Credentials:
        with self._lock:
            if self._found is None and self._chain is not None:
                self._found = self._chain.load_credentials()
            if self._found is None:
                raise NoCredentialsError
            return self._found


def _chain_of(options: SessionOptions, session: botocore.session.Session) -> Any:
    if options.given is not None:
        return _GivenCredentials(options.given)
    if options.endpoint:
        return None
    chain = session.get_component("credential_provider")
    with suppress(UnknownCredentialError):
        # The SDK would read a code from a pipe, or wait for one that nobody can type.
        chain.get_provider("assume-role")._prompter = _ask_for_code
    return chain


def _ask_for_code(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise NoTerminalError
    return getpass(prompt)


@dataclass(frozen=True, slots=True)
class _GivenCredentials:
    """The credentials of a caller's session, which go on renewing themselves."""

    session: Any

    def load_credentials(self) -> Any:
        """Return them; None where it has none."""
        return self.session.get_credentials()


def _region_of(given: Any, session: botocore.session.Session) -> str | None:
    own: Any = session if given is None else given
    region: str | None = own.get_config_variable("region") if hasattr(own, "get_config_variable") else own.region_name
    return region


def _profile_of(given: Any) -> str | None:
    """Return the profile that a caller's session names; boto3 says "default" where none is named."""
    profile: str | None = given.profile if hasattr(given, "get_config_variable") else given.profile_name
    return None if profile == "default" else profile


def open_session(options: SessionOptions, clock: Callable[[], datetime]) -> Session:
    """Read AWS's settings and prepare to call; nothing is called yet. ``clock`` gives the local time, aware, in UTC.

    Raises ``UsageError`` for a profile that does not exist and for invalid settings, ``CannotRunError`` for a bundle of
    certificates that cannot be read.
    """
    try:
        session = Session(options, clock)
    except ProfileNotFound as error:
        raise UsageError(
            f"AWS's configuration files have no profile {error.kwargs.get('profile')!r}",
            "see `aws configure list-profiles`",
        ) from error
    except (ConfigParseError, ConfigNotFound) as error:
        raise UsageError(
            f"AWS's configuration file {error.kwargs.get('path')} cannot be read", "fix it, or set AWS_CONFIG_FILE"
        ) from error
    except (InvalidRetryConfigurationError, BotoCoreError, ValueError) as error:
        raise UsageError(f"invalid AWS SDK setting ({error})", "fix it in the environment or profile") from error
    if options.endpoint is None:
        _check_certificates(session.certificates)
    return session


def _check_certificates(path: str | None) -> None:
    """Load the bundle that the settings name, for the SDK would call a bad one a connection that failed."""
    if not path:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        problem = "is not a file of PEM certificates" if isinstance(error, ssl.SSLError) else "cannot be read"
        raise CannotRunError(
            f"the CA bundle {path} {problem}", "set AWS_CA_BUNDLE, or ca_bundle of the profile, to a file of PEM certificates"
        ) from error


def profile_names() -> tuple[str, ...]:
    """Return the profiles of AWS's configuration files; none where these cannot be read."""
    try:
        return tuple(sorted(botocore.session.Session().available_profiles))
    except BotoCoreError:
        return ()


def _botocore_session(options: SessionOptions) -> botocore.session.Session:
    if options.endpoint is None:
        profile = options.profile or (None if options.given is None else _profile_of(options.given))
        session = botocore.session.Session(profile=profile)
        session.get_scoped_config()
        return _sharing_models(session)
    if urlsplit(options.endpoint).hostname not in _LOOPBACK:
        raise ValueError(f"the endpoint of an embedded organization is on this machine, not at {options.endpoint}")
    defaults = {name: (None, None, *rest) for name, (_, _, *rest) in botocore.session.Session.SESSION_VARIABLES.items()}
    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return _sharing_models(botocore.session.Session(session_vars=defaults | nowhere))


def _sharing_models(session: botocore.session.Session) -> botocore.session.Session:
    """Let the sessions of several profiles read the models of AWS's services once: each takes 50 ms to parse."""
    session.register_component("data_loader", _loader_of(session.get_config_variable("data_path")))
    return session


@lru_cache(maxsize=4)
def _loader_of(data_path: str | None) -> Loader:
    return create_loader(data_path)


# What differs between AWS's partitions.

DEFAULT_REGION: Final = "us-east-1"
"""The Region that is asked where none is configured, as the AWS CLI does for services that are not regional."""

_GLOBAL: Final = "aws-global"


def real_region(region: str | None) -> str:
    """Return the Region to ask: ``aws-global``, which stands for none, would lead STS to an endpoint without AssumeRoot."""
    return DEFAULT_REGION if region in {None, "", _GLOBAL} else str(region)


def partition_of_arn(arn: str) -> str | None:
    """Tell the partition that an ARN names; None for what is no ARN."""
    parts = arn.split(":")
    return parts[1] if parts[0] == "arn" and len(parts) > 1 and parts[1] else None


# The way into one account.


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """How calls reach one account: ``credentials`` None are the caller's own, ``region`` is of the account's partition.

    ``account_id`` is the account that was entered; None for the caller's own, which only an answer tells.
    """

    access: Access
    region: str
    credentials: SessionCredentials | None = None
    account_id: str | None = None
