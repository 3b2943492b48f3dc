"""The caller's credentials and settings, as every AWS tool finds them, and the clients that all accounts share."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
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
)

from rootsweep import __version__
from rootsweep.aws.credentials import SwappedCredentials, SwappingProvider
from rootsweep.aws.deadline import end_tries_at_the_deadline
from rootsweep.aws.partitions import real_region
from rootsweep.aws.pressure import LIMITED_SERVICES, Gate
from rootsweep.aws.server_clock import ServerClock
from rootsweep.aws.tries import begin_try, end_try
from rootsweep.errors import UsageError

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
    read, no proxy is used, the caller has no credentials of its own, and nothing but this URL is ever called.
    """

    profile: str | None = None
    region: str | None = None
    retry_mode: str | None = None
    connections: int = 10
    read_seconds: float = 30.0
    endpoint: str | None = None


class Session:
    """One botocore session with one client a service and Region; safe to share between threads."""

    def __init__(self, options: SessionOptions, clock: Callable[[], datetime]) -> None:
        self.clock = ServerClock(clock)
        self._options = options
        self._botocore = _botocore_session(options)
        # The global endpoint of STS does not know AssumeRoot.
        self._botocore.set_config_variable("sts_regional_endpoints", "regional")
        own = _OwnCredentials(None if options.endpoint else self._botocore.get_component("credential_provider"))
        self._credentials = SwappedCredentials(own.load)
        self._botocore.register_component("credential_provider", SwappingProvider(self._credentials))
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()
        self._gates = {service: Gate(options.connections) for service in LIMITED_SERVICES}
        self.profile: str | None = self._botocore.profile
        self.region: str = real_region(options.region or self._botocore.get_config_variable("region"))
        self._config = self._client_config()

    def client(self, service: str, region: str) -> Any:
        """Give the client of a service in a Region; raises BotoCoreError when it cannot be made."""
        known = self._clients.get((service, region))
        if known is not None:
            return known
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._new_client(service, region)
            return self._clients[service, region]

    def gate(self, service: str) -> AbstractContextManager[None]:
        """Wait until a call to the service may be made, and hold its place."""
        gate = self._gates.get(service)
        return nullcontext() if gate is None else gate.passed()

    def _new_client(self, service: str, region: str) -> Any:
        client = self._botocore.create_client(
            service, region_name=region, endpoint_url=self._options.endpoint, config=self._config
        )
        client.meta.events.register_first("before-send", begin_try)
        client.meta.events.register_first("response-received", end_try)
        client.meta.events.register_first("needs-retry", end_tries_at_the_deadline)
        if service in self._gates:
            client.meta.events.register_first("needs-retry", self._gates[service].watch)
        return client

    def own_access_key_id(self) -> str:
        """Give the id of the access key that signed the latest of the caller's own calls.

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


def open_session(options: SessionOptions, clock: Callable[[], datetime]) -> Session:
    """Read AWS's settings and prepare to call; nothing is called yet. ``clock`` gives the local time, aware, in UTC.

    Raises ``UsageError`` for a profile that does not exist and for settings that make no sense.
    """
    try:
        return Session(options, clock)
    except ProfileNotFound as error:
        raise UsageError(
            f"AWS's configuration files have no profile {error.kwargs.get('profile')!r}",
            "see `aws configure list-profiles`",
        ) from error
    except (ConfigParseError, ConfigNotFound) as error:
        raise UsageError(
            f"AWS's configuration file {error.kwargs.get('path')} cannot be read", "mend it, or set AWS_CONFIG_FILE"
        ) from error
    except (InvalidRetryConfigurationError, BotoCoreError, ValueError) as error:
        raise UsageError(f"a setting of AWS's SDK makes no sense ({error})", "mend it in the environment or profile") from error


def _botocore_session(options: SessionOptions) -> botocore.session.Session:
    if options.endpoint is None:
        session = botocore.session.Session(profile=options.profile)
        session.get_scoped_config()
        return session
    if urlsplit(options.endpoint).hostname not in _LOOPBACK:
        raise ValueError(f"the endpoint of an embedded organization is on this machine, not at {options.endpoint}")
    defaults = {name: (None, None, *rest) for name, (_, _, *rest) in botocore.session.Session.SESSION_VARIABLES.items()}
    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return botocore.session.Session(session_vars=defaults | nowhere)
