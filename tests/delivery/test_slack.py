"""What a Slack channel shows, within the limits of Block Kit."""

import json
from typing import Any

import pytest
import trustme

from rootsweep.delivery.changes import Changes
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import NotSent, Outcome, Sent, Slack
from rootsweep.delivery.https import Network
from rootsweep.delivery.secrets import Secrets, SecretUrl
from rootsweep.delivery.slack import MOST_ACCOUNTS, deliver, escaped, slack_message
from tests.delivery.https_server import Garbage, Receiver, Reply, Silence, receiver
from tests.delivery.made import HOSTILE, QUICK, all_of, named, news_of_every_kind, now
from tests.reports.example_runs import ACTIVE as ACTIVE_SLOT
from tests.reports.example_runs import EVERY_KIND, NAMES, finding, report, run


def send(server: Receiver, network: Network, changes: Changes) -> Outcome:
    context = DeliveryContext(now, secrets=Secrets(slack_url=SecretUrl(server.url)), network=network, pace=QUICK)
    outcome = deliver(Slack(), changes, context)
    assert "s3cr3t" not in repr(outcome)
    assert "s3cr3t" not in repr(context)
    return outcome


def assert_within_the_limits(message: dict[str, Any]) -> None:
    blocks = message["blocks"]
    assert len(blocks) <= 50
    for block in blocks:
        text = block["text"]["text"]
        assert 0 < len(text) <= (150 if block["type"] == "header" else 3000)
        assert block["text"]["type"] == ("plain_text" if block["type"] == "header" else "mrkdwn")
        assert block["text"].get("verbatim", True) is True
    assert sum(len(block["text"]["text"]) for block in blocks) < 13_000
    assert len(message["text"]) <= 150


def test_a_message_tells_what_has_become_of_whom(authority: trustme.CA, network: Network) -> None:
    changes = news_of_every_kind()
    with receiver(authority) as server:
        assert send(server, network, changes) == Sent(f"{len(changes.items)} accounts")
    message = json.loads(server.received[0].body)
    assert_within_the_limits(message)
    texts = [block["text"]["text"] for block in message["blocks"]]
    assert texts[0].startswith("rootsweep: 2 new, 2 reappeared, 3 lost sight of, 1 fixed")
    assert any(text.startswith("*New*: 222233334444 (active), NON_COMPLIANT, CRITICAL\n") for text in texts)
    assert any("123412341234 (gone), not in this run" in text for text in texts)


@pytest.mark.parametrize(
    "shown", [NAMES, named(EVERY_KIND, HOSTILE), named(EVERY_KIND, "<&>" * 400)], ids=["names", "hostile", "long"]
)
def test_no_name_mentions_anybody_or_breaks_the_limits(shown: Any) -> None:
    message = slack_message(all_of(shown))
    assert_within_the_limits(message)
    for block in message["blocks"]:
        text = block["text"]["text"]
        assert "<" not in text
        assert ">" not in text
        for part in text.split("&")[1:]:
            assert part.startswith(("amp;", "lt;", "gt;"))


def test_many_accounts_are_counted() -> None:
    accounts = run(*(finding(f"{number:012}", report(ACTIVE_SLOT), name="<&>" * 100) for number in range(3000)))
    message = slack_message(all_of(accounts))
    assert_within_the_limits(message)
    assert f"and {3000 - MOST_ACCOUNTS:,} further accounts" in message["blocks"][-1]["text"]["text"]


@pytest.mark.parametrize(("text", "limit", "shown"), [("a&b", 7, "a&amp;b"), ("a&b", 6, "a\u2026"), ("<<", 5, "&lt;\u2026")])
def test_a_text_is_cut_between_characters(text: str, limit: int, shown: str) -> None:
    assert escaped(text, limit) == shown


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, b"no_service", "revoked"),
        (410, b"channel_is_archived\n", "archived"),
        (403, b"action_prohibited", "does not let"),
        (400, b"\x00\xff" * 5000, "answered 400 Bad Request"),
        (404, b"https://localhost/s3cr3t-path", "answered 404 Not Found"),
    ],
)
def test_a_refusal_is_told_in_words(authority: trustme.CA, network: Network, status: int, body: bytes, words: str) -> None:
    with receiver(authority, Reply(status, body)) as server:
        outcome = send(server, network, news_of_every_kind())
    assert isinstance(outcome, NotSent)
    assert words in outcome.problem
    assert len(server.received) == 1


def test_it_waits_as_slack_asks(authority: trustme.CA, network: Network) -> None:
    with receiver(authority, Reply(429, headers={"Retry-After": "1"}), Silence(1), Garbage(), Reply()) as server:
        assert isinstance(send(server, network, news_of_every_kind()), Sent)
    assert server.received[1].at - server.received[0].at >= 0.9
