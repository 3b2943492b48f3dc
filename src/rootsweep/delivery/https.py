"""One POST over HTTPS: certificates verified, no redirect followed, tried again where that helps, within a time.

Errors of urllib3 quote the URL, which may be a secret: their text is never used.
"""

import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import unquote

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, ProxyError, ProxySchemeUnknown, SSLError
from urllib3.util import Retry, Timeout, make_headers, parse_url

from rootsweep.delivery.destination import NotSent
from rootsweep.delivery.secrets import SecretUrl

TRIED_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
"""The statuses of an answer that may be another the next time (RFC 6585, section 4; RFC 9110, section 15.6)."""

_SHOWN_BYTES: Final = 1024

_TO_END_BY_ITSELF: Final = 0.2
"""Seconds that a try has beyond its time, in which urllib3 itself tells what went wrong."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long something is sent for, in seconds.

    ``tries`` at most are made, each of ``try_seconds``, all within ``seconds``; the pauses between them grow from ``pause`` by
    doubling up to ``longest_pause``, each made up to a half shorter by chance.
    """

    seconds: float = 60.0
    tries: int = 5
    try_seconds: float = 10.0
    pause: float = 1.0
    longest_pause: float = 16.0


def _no_proxy(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached: ``ca_bundle`` is a file or folder of certificates that are trusted instead of the system's.

    ``proxy_of`` gives the URL of the proxy on the way to a host, None where there is none.
    """

    ca_bundle: str | None = None
    proxy_of: Callable[[str], str | None] = field(default=_no_proxy, repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is no reason to try again; ``body`` is its beginning."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A try that may be followed by another: why, and how many seconds the server asks to wait."""

    problem: NotSent
    wait: float | None = None


def post(url: SecretUrl, headers: Mapping[str, str], body: bytes, network: Network, pace: Pace) -> Answered | NotSent:
    """Send a request until it is answered for good, or its time is up."""
    try:
        pool = _pool(url, network)
    except (OSError, ValueError, ProxySchemeUnknown):
        return NotSent("the certificates to trust, or the proxy, cannot be used", "check AWS_CA_BUNDLE and HTTPS_PROXY")
    deadline = time.monotonic() + pace.seconds
    with pool:
        for number in range(1, pace.tries + 1):
            outcome = _try(pool, url, headers, body, min(pace.try_seconds, deadline - time.monotonic()))
            if not isinstance(outcome, _Trouble):
                return outcome
            pause = _pause(outcome, number, pace)
            if number == pace.tries or pause >= deadline - time.monotonic():
                return outcome.problem
            time.sleep(pause)
    raise ValueError("at least one try is made")


def _pool(url: SecretUrl, network: Network) -> urllib3.PoolManager:
    proxy = network.proxy_of(url.host)
    trusted = _trusted(network.ca_bundle)
    if proxy is None:
        return urllib3.PoolManager(ssl_context=trusted)
    its_url = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    headers = make_headers(proxy_basic_auth=its_url.auth and unquote(its_url.auth))
    return urllib3.ProxyManager(its_url._replace(auth=None).url, proxy_headers=headers, ssl_context=trusted)


def _trusted(bundle: str | None) -> ssl.SSLContext:
    """Trust what Python trusts, to which SSL_CERT_FILE belongs, or the bundle instead."""
    if bundle is None:
        return ssl.create_default_context()
    if Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)


def _try(
    pool: urllib3.PoolManager, url: SecretUrl, headers: Mapping[str, str], body: bytes, seconds: float
) -> Answered | NotSent | _Trouble:
    """Make one try in a thread of its own: urllib3 limits each read, and a server that sends byte by byte has many."""
    results: SimpleQueue[Answered | NotSent | _Trouble | BaseException] = SimpleQueue()

    def exchange() -> None:
        try:
            results.put(_exchange(pool, url, headers, body, seconds))
        except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
            results.put(error)

    Thread(target=exchange, name="posting", daemon=True).start()
    try:
        outcome = results.get(timeout=max(seconds, 0.0) + _TO_END_BY_ITSELF)
    except Empty:
        return _Trouble(_not_in_time(url))
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _not_in_time(url: SecretUrl) -> NotSent:
    return NotSent(f"{url.place} could not be reached, or did not answer in time", "check the network and the URL")


def _exchange(
    pool: urllib3.PoolManager, url: SecretUrl, headers: Mapping[str, str], body: bytes, seconds: float
) -> Answered | NotSent | _Trouble:
    try:
        answer = pool.request(
            "POST",
            url.value,
            body=body,
            headers=headers,
            timeout=Timeout(total=seconds),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        with answer:
            start = answer.read(_SHOWN_BYTES)
    except SSLError:
        return NotSent(f"the certificate of {url.place} is not trusted", "set SSL_CERT_FILE or AWS_CA_BUNDLE if it should be")
    except ProxyError:
        return _Trouble(NotSent(f"the proxy on the way to {url.place} does not answer", "check HTTPS_PROXY and NO_PROXY"))
    except (HTTPError, OSError):
        return _Trouble(_not_in_time(url))
    return _judged(Answered(answer.status, start), answer.headers.get("Retry-After"), url)


def _judged(answered: Answered, retry_after: str | None, url: SecretUrl) -> Answered | NotSent | _Trouble:
    status = answered.status
    if status in TRIED_AGAIN:
        problem = NotSent(f"{url.place} went on answering {_status_text(status)}", "send it again later")
        return _Trouble(problem, _seconds(retry_after))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return NotSent(
            f"{url.place} answers with a redirect ({status}), which is not followed", "give the URL that it leads to"
        )
    return answered


def refused(answered: Answered, url: SecretUrl) -> NotSent:
    """Report an answer that is an error."""
    return NotSent(f"{url.place} answered {_status_text(answered.status)}", "check that the URL is the right one, and whole")


def _status_text(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None:
        return None
    try:
        return max(0.0, float(Retry().parse_retry_after(retry_after)))
    except InvalidHeader:
        return None


def _pause(trouble: _Trouble, number: int, pace: Pace) -> float:
    """Wait as long as the server asks, and never less than this client would by itself."""
    own = min(pace.pause * 2 ** (number - 1), pace.longest_pause) * random.uniform(0.5, 1.0)  # noqa: S311  no secret
    return float(max(own, trouble.wait or 0.0))
