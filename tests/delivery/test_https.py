"""One request over HTTPS, against a server that does its worst."""

import itertools
import time
from email.utils import formatdate
from pathlib import Path

import pytest
import trustme

from rootsweep.delivery.destination import NotSent
from rootsweep.delivery.https import Answered, Network, Pace, post
from rootsweep.delivery.secrets import SecretUrl
from tests.delivery.https_server import Behaviour, Drip, Garbage, Receiver, Reply, Reset, Silence, receiver
from tests.delivery.made import QUICK

BODY = b'{"a": 1}'


def send(its_receiver: Receiver, network: Network, pace: Pace = QUICK) -> Answered | NotSent:
    outcome = post(SecretUrl(its_receiver.url), {"Content-Type": "application/json"}, BODY, network, pace)
    assert "s3cr3t" not in repr(outcome)
    return outcome


def test_a_request_arrives_as_it_is(authority: trustme.CA, network: Network) -> None:
    with receiver(authority) as server:
        assert send(server, network) == Answered(200, b"ok")
    (received,) = server.received
    assert (received.body, received.headers["Content-Type"]) == (BODY, "application/json")
    assert received.path == "/services/T000/B000/s3cr3t-path?token=s3cr3t-query"


@pytest.mark.parametrize(
    "trouble",
    [Reply(429), Reply(500), Reply(502), Reply(503), Reply(504, b"\x00<html>" * 9999), Silence(1.0), Reset(), Garbage()],
    ids=repr,
)
def test_what_may_pass_is_tried_again(authority: trustme.CA, network: Network, trouble: Behaviour) -> None:
    with receiver(authority, trouble, trouble, Reply()) as server:
        assert send(server, network) == Answered(200, b"ok")
    assert [one.body for one in server.received] == [BODY] * 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422, 501])
def test_what_stays_is_not_tried_again(authority: trustme.CA, network: Network, status: int) -> None:
    with receiver(authority, Reply(status, b"no")) as server:
        assert send(server, network) == Answered(status, b"no")
    assert len(server.received) == 1


@pytest.mark.parametrize("trouble", [Reply(503), Reset(), Garbage()], ids=repr)
def test_tries_end(authority: trustme.CA, network: Network, trouble: Behaviour) -> None:
    with receiver(authority, trouble) as server:
        outcome = send(server, network)
    assert isinstance(outcome, NotSent)
    assert server.place in outcome.problem
    assert len(server.received) == QUICK.tries


def test_the_pauses_grow(authority: trustme.CA, network: Network) -> None:
    with receiver(authority, Reply(500)) as server:
        send(server, network, Pace(seconds=5, tries=4, try_seconds=1, pause=0.1, longest_pause=1))
    times = [one.at for one in server.received]
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert [low <= pause for low, pause in zip((0.05, 0.1, 0.2), pauses, strict=True)] == [True] * 3


@pytest.mark.parametrize("as_date", [False, True])
def test_a_server_that_says_how_long_to_wait_is_heeded(authority: trustme.CA, network: Network, as_date: bool) -> None:
    value = formatdate(time.time() + 2, usegmt=True) if as_date else "1"
    with receiver(authority, Reply(429, headers={"Retry-After": value}), Reply()) as server:
        assert send(server, network) == Answered(200, b"ok")
    first, second = server.received
    assert second.at - first.at >= 0.9


@pytest.mark.parametrize("value", ["3600", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_a_wait_beyond_the_time_ends_it_at_once(authority: trustme.CA, network: Network, value: str) -> None:
    began = time.monotonic()
    with receiver(authority, Reply(429, headers={"Retry-After": value})) as server:
        outcome = send(server, network)
    assert isinstance(outcome, NotSent)
    assert "429 Too Many Requests" in outcome.problem
    assert (len(server.received), time.monotonic() - began < 2) == (1, True)


@pytest.mark.parametrize("value", ["soon", "-5", ""])
def test_a_wait_that_makes_no_sense_is_ignored(authority: trustme.CA, network: Network, value: str) -> None:
    with receiver(authority, Reply(503, headers={"Retry-After": value}), Reply()) as server:
        assert send(server, network) == Answered(200, b"ok")


def test_the_time_is_bounded_in_all(authority: trustme.CA, network: Network) -> None:
    began = time.monotonic()
    with receiver(authority, Silence(0.6)) as server:
        outcome = send(server, network, Pace(seconds=1.0, tries=99, try_seconds=0.4, pause=0.01, longest_pause=0.01))
        assert time.monotonic() - began < 2
    assert isinstance(outcome, NotSent)
    assert len(server.received) <= 3


@pytest.mark.parametrize("whole", [0, len("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")], ids=["head", "body"])
def test_a_server_that_answers_byte_by_byte_is_not_waited_for(authority: trustme.CA, network: Network, whole: int) -> None:
    began = time.monotonic()
    with receiver(authority, Drip(0.1, whole)) as server:
        outcome = send(server, network, Pace(seconds=1.5, tries=2, try_seconds=0.6, pause=0.01, longest_pause=0.01))
        assert time.monotonic() - began < 3
    assert isinstance(outcome, NotSent)
    assert "did not answer in time" in outcome.problem


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(authority: trustme.CA, network: Network, status: int) -> None:
    with receiver(authority) as inner, receiver(authority, Reply(status, headers={"Location": inner.url})) as server:
        outcome = send(server, network)
        assert inner.received == []
    assert isinstance(outcome, NotSent)
    assert "redirect" in outcome.problem


def test_a_certificate_of_another_authority_is_not_trusted(network: Network) -> None:
    with receiver(trustme.CA()) as server:
        outcome = send(server, network)
    assert isinstance(outcome, NotSent)
    assert "is not trusted" in outcome.problem
    assert server.received == []


def test_a_certificate_of_another_host_is_not_trusted(authority: trustme.CA, network: Network) -> None:
    with receiver(authority, host="example.org") as server:
        outcome = send(server, network)
    assert isinstance(outcome, NotSent)
    assert server.received == []


def test_a_system_that_does_not_know_the_authority_does_not_trust_it(authority: trustme.CA) -> None:
    with receiver(authority) as server:
        assert isinstance(send(server, Network()), NotSent)
    assert server.received == []


def test_certificates_that_cannot_be_read_are_told(authority: trustme.CA, tmp_path: Path) -> None:
    with receiver(authority) as server:
        outcome = send(server, Network(str(tmp_path / "missing.pem")))
    assert isinstance(outcome, NotSent)
    assert "AWS_CA_BUNDLE" in outcome.advice


def test_nobody_there(network: Network, authority: trustme.CA) -> None:
    with receiver(authority) as server:
        pass
    outcome = send(server, network)
    assert isinstance(outcome, NotSent)
    assert "could not be reached" in outcome.problem


def test_a_proxy_is_used_and_told_when_it_does_not_answer(authority: trustme.CA, bundle: Path) -> None:
    with receiver(authority) as server:
        outcome = send(server, Network(str(bundle), lambda _: "http://user:s3cr3t@127.0.0.1:9"))
    assert isinstance(outcome, NotSent)
    assert "proxy" in outcome.problem
    assert server.received == []


@pytest.mark.parametrize(
    "url",
    ["http://localhost/s3cr3t", "s3cr3t", "", "https://", "https://user:s3cr3t@localhost/", "https://x y/", "https://[s3cr3t"],
)
def test_only_whole_https_urls_are_taken_and_none_is_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="it ") as caught:
        SecretUrl(url)
    assert "s3cr3t" not in str(caught.value)
    assert "s3cr3t" not in repr(SecretUrl("https://localhost/s3cr3t"))
