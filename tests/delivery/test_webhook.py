"""What a person's own service gets: the contract, signed, and named by its content."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from rootsweep.delivery.changes import Changes, everything, first_changes
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import NotSent, Outcome, Sent, Webhook
from rootsweep.delivery.https import Network
from rootsweep.delivery.secrets import Secrets, SecretUrl
from rootsweep.delivery.webhook import deliver
from rootsweep.reports.contracts.audit_v1 import json_schema
from rootsweep.reports.contracts.audit_v1_read import read_run
from tests.delivery.https_server import Garbage, Received, Receiver, Reply, Reset, receiver
from tests.delivery.made import HOSTILE, QUICK, named, news_of_every_kind, now
from tests.json_schema import validate
from tests.reports.example_runs import EVERY_KIND, NAMES

SECRET = b"a secret of some length"
DOCS = Path(__file__).parents[2] / "docs" / "delivery.md"


def send(server: Receiver, network: Network, changes: Changes) -> Outcome:
    secrets = Secrets(webhook_url=SecretUrl(server.url), webhook_secret=SECRET)
    outcome = deliver(Webhook(), changes, DeliveryContext(now, secrets=secrets, network=network, pace=QUICK))
    assert "s3cr3t" not in repr(outcome)
    assert SECRET.decode() not in repr(secrets)
    return outcome


def shown_verification() -> Callable[[bytes, str, bytes], bool]:
    """Give the function by which docs/delivery.md tells a receiver to verify, as it stands there."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  the project's own page
    function: Callable[[bytes, str, bytes], bool] = names["is_genuine"]
    return function


def is_signed(received: Received, secret: bytes = SECRET) -> bool:
    """Verify without any of rootsweep's code: by the page's, and by OpenSSL."""
    header = received.headers["Rootsweep-Signature"]
    match = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", header)
    assert match is not None
    mac = HMAC(secret, SHA256())
    mac.update(match[1].encode() + b"." + received.body)
    is_genuine = mac.finalize().hex() == match[2]
    assert shown_verification()(secret, header, received.body) is is_genuine
    return is_genuine


def test_the_body_is_the_contract_of_what_has_changed(authority: trustme.CA, network: Network) -> None:
    changes = news_of_every_kind()
    with receiver(authority, Reply(204, b"")) as server:
        assert send(server, network, changes) == Sent(f"{len(changes.items)} accounts")
    (received,) = server.received
    document = json.loads(received.body)
    validate(document, json_schema())
    told = [item.account.id for item in changes.items if item.finding is not None]
    assert [row["account_id"] for row in document["accounts"]] == told
    assert [one["account_id"] for one in document["changes"]] == [item.account.id for item in changes.items]
    assert {one["change"] for one in document["changes"]} == {"new", "reappeared", "lost_sight_of", "fixed"}
    assert document["summary"]["accounts"] == len(EVERY_KIND.findings)
    assert document["previous_run_at"] == "2026-11-17T12:00:00Z"
    assert read_run(received.body) is not None


def test_the_signature_is_verified_by_another_implementation(authority: trustme.CA, network: Network) -> None:
    with receiver(authority) as server:
        send(server, network, news_of_every_kind())
    (received,) = server.received
    assert is_signed(received)
    assert not is_signed(received, b"another secret of length")
    assert not is_signed(replace(received, body=received.body + b" "))


def keys_of(server: Receiver) -> list[str]:
    return [one.headers["Idempotency-Key"] for one in server.received]


def test_tries_and_runs_that_say_the_same_have_the_same_key(authority: trustme.CA, network: Network) -> None:
    changes = news_of_every_kind()
    later = replace(changes.run, finished_at=changes.run.finished_at + timedelta(hours=1), started_at=changes.run.finished_at)
    with receiver(authority, Reply(500), Reset(), Garbage(), Reply()) as server:
        assert isinstance(send(server, network, changes), Sent)
        assert isinstance(send(server, network, replace(changes, run=later)), Sent)
        assert len(set(keys_of(server))) == 1
        assert isinstance(send(server, network, replace(changes, items=changes.items[1:])), Sent)
        assert isinstance(send(server, network, replace(changes, previous_run_at=later.finished_at)), Sent)
    assert len(set(keys_of(server))) == 3


@pytest.mark.parametrize("run", [NAMES, named(EVERY_KIND, HOSTILE)], ids=["names", "hostile"])
def test_names_of_all_kinds_arrive_as_they_are(authority: trustme.CA, network: Network, run: object) -> None:
    assert isinstance(run, type(NAMES))
    with receiver(authority) as server:
        send(server, network, everything(first_changes(run)))
    document = json.loads(server.received[0].body)
    assert {row["account_id"]: row["name"] for row in document["accounts"]} == {
        one.account.id: one.account.name for one in run.findings
    }


@pytest.mark.parametrize("reply", [Reply(400, b"s3cr3t-path"), Reply(410), Reply(302, headers={"Location": "/x"})], ids=repr)
def test_a_refusal_is_told_without_the_secret(authority: trustme.CA, network: Network, reply: Reply) -> None:
    with receiver(authority, reply) as server:
        outcome = send(server, network, news_of_every_kind())
    assert isinstance(outcome, NotSent)
    assert (server.place in outcome.problem, str(reply.status) in outcome.problem) == (True, True)


def test_a_wrong_certificate_lets_nothing_out(network: Network) -> None:
    with receiver(trustme.CA()) as server:
        assert isinstance(send(server, network, news_of_every_kind()), NotSent)
    assert server.received == []
