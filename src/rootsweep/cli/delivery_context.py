"""What deliveries are made with: the caller's accounts, and the network as the environment describes it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.request import getproxies, proxy_bypass

from rootsweep.auditing.request import AuditRequest
from rootsweep.auditing.workflow import open_caller_session
from rootsweep.cli import clock
from rootsweep.delivery.context import DeliveryContext, EntryRole, OwnAccount
from rootsweep.delivery.destination import Destination, NotSent
from rootsweep.delivery.https import Network
from rootsweep.delivery.registry import kind_of
from rootsweep.delivery.secrets import Secrets
from rootsweep.errors import CannotRunError, UsageError

_MOST_WORKERS: Final = 16


def open_context(
    destinations: Sequence[Destination], secrets: Secrets, request: AuditRequest
) -> tuple[DeliveryContext, dict[Destination, NotSent]]:
    """Open what the destinations need; those of AWS that cannot be reached, for want of credentials, come second."""
    of_aws = [one for one in destinations if kind_of(one).asks_aws]
    own: dict[str, OwnAccount] = {}
    failure: NotSent | None = None
    for profile in (request.profiles or (None,)) if of_aws else ():
        try:
            one = _own_account(profile, request)
        except (CannotRunError, UsageError) as error:
            failure = failure or NotSent(str(error), error.advice)
            continue
        own.setdefault(one.account_id, one)
    context = DeliveryContext(
        clock=clock.now,
        own=own,
        role=None if request.role_name is None else EntryRole(request.role_name, request.external_id),
        secrets=secrets,
        network=network(),
        workers=min(request.workers, _MOST_WORKERS),
    )
    return context, {} if own or failure is None else dict.fromkeys(of_aws, failure)


def _own_account(profile: str | None, request: AuditRequest) -> OwnAccount:
    caller_session = open_caller_session(replace(request.caller, profile=profile), clock.now, workers=_MOST_WORKERS)
    caller = caller_session.caller.value
    return OwnAccount(caller_session.routes.session, caller_session.routes.access, caller.account_id, caller.partition)


def network() -> Network:
    """Read the proxies and the certificates to trust from the environment.

    SSL_CERT_FILE, which Python itself honours, goes before the bundles that are meant for AWS's tools and for requests.
    """
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    named = (os.environ.get(name) for name in ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"))
    return Network(next(filter(None, named), None), lambda host: None if proxy is None or proxy_bypass(host) else proxy)
