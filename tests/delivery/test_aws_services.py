"""What comes to a topic, an event bus and a bucket."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rootsweep.delivery import eventbridge, s3, sns
from rootsweep.delivery.changes import Changes, first_changes
from rootsweep.delivery.destination import Bucket, EventBus, NotSent, Outcome, Sent, Topic
from rootsweep.delivery.https import Pace
from rootsweep_emulator import DenyAccess, Emulator, Latency, Refuse, Reset, Rule
from tests.delivery.made import HOSTILE, QUICK, all_of, means_of, named, news_of_every_kind
from tests.emulator.clients import client
from tests.receivers import Receiving
from tests.reports.example_runs import ACTIVE, CLEAN, EMPTY_2, EVERY_KIND, NAMES, finding, report, run

PATIENT = replace(QUICK, seconds=20.0)
MANY = all_of(run(*(finding(f"{number:012}", report(ACTIVE, EMPTY_2), name="\u672c" * 50) for number in range(1500))))


@pytest.fixture(name="receiving")
def what_the_management_account_receives(organization: Emulator) -> Receiving:
    receiving = Receiving(organization.world)
    receiving.permit("management", "sns:Publish", "events:PutEvents", "s3:*")
    return receiving


def topic_of(receiving: Receiving, name: str = "audits") -> Topic:
    return Topic(receiving.create_topic("management", name, "eu-west-1"), "eu-west-1")


def bus_of(receiving: Receiving, name: str = "audits") -> EventBus:
    return EventBus(receiving.create_event_bus("management", name, "eu-west-1"), "eu-west-1")


def send(module: Any, destination: Any, changes: Changes, emulator: Emulator, pace: Pace = PATIENT) -> Outcome:
    outcome: Outcome = module.deliver(destination, changes, means_of(emulator, pace=pace))
    return outcome


def test_a_topic_gets_one_message_for_people(organization: Emulator, receiving: Receiving) -> None:
    topic, changes = topic_of(receiving), news_of_every_kind()
    assert send(sns, topic, changes, organization) == Sent(f"{len(changes.items)} accounts")
    (message,) = receiving.publications(topic.arn)
    texts = json.loads(message.parameters["Message"])
    assert message.parameters["Subject"] == texts["sms"]
    assert len(texts["sms"]) < 100
    assert "222233334444 (active): NON_COMPLIANT, CRITICAL" in texts["default"]
    assert "[lost sight of] 123412341234 (gone): not in this run" in texts["default"]
    assert "Changes since the run that ended on 2026-11-17" in texts["default"]


@pytest.mark.parametrize("changes", [MANY, all_of(NAMES), all_of(named(EVERY_KIND, HOSTILE))], ids=["many", "names", "hostile"])
def test_a_message_fits_whatever_is_in_it(organization: Emulator, receiving: Receiving, changes: Changes) -> None:
    topic = topic_of(receiving)
    assert isinstance(send(sns, topic, changes, organization), Sent)
    parameters = receiving.publications(topic.arn)[0].parameters
    assert len(parameters["Message"].encode()) <= 262_144
    assert parameters["Subject"].isascii()


def test_a_fifo_topic_takes_the_same_news_once(organization: Emulator, receiving: Receiving) -> None:
    topic, changes = topic_of(receiving, "audits.fifo"), news_of_every_kind()
    assert isinstance(send(sns, topic, changes, organization), Sent)
    assert isinstance(send(sns, topic, changes, organization), Sent)
    assert isinstance(send(sns, topic, replace(changes, items=changes.items[:1]), organization), Sent)
    assert len(receiving.publications(topic.arn)) == 2


def test_a_bus_gets_an_event_an_account(organization: Emulator, receiving: Receiving) -> None:
    bus, changes = bus_of(receiving), news_of_every_kind()
    assert send(eventbridge, bus, changes, organization) == Sent(f"{len(changes.items)} events")
    events = receiving.events(bus.bus)
    assert {(one["Source"], one["DetailType"]) for one in events} == {("rootsweep", "Root Access Key Audit Finding")}
    details = {detail["account_id"]: detail for detail in (json.loads(one["Detail"]) for one in events)}
    assert details.keys() == {item.account.id for item in changes.items}
    assert (details["222233334444"]["change"], details["222233334444"]["verdict"]) == ("new", "NON_COMPLIANT")
    assert details["123412341234"] == {"change": "lost_sight_of", "account_id": "123412341234", "name": "gone"}
    assert events[0]["Resources"] == [f"arn:aws:iam::{changes.items[0].account.id}:root"]


def test_a_bus_by_name_is_in_the_region_of_the_session(organization: Emulator, receiving: Receiving) -> None:
    assert isinstance(send(eventbridge, EventBus("default", None), news_of_every_kind(), organization), Sent)
    account_id = organization.world.account("management").id
    assert receiving.events(f"arn:aws:events:us-east-1:{account_id}:event-bus/default")


def test_many_events_are_put_ten_at_a_time(organization: Emulator, receiving: Receiving) -> None:
    bus = bus_of(receiving)
    assert send(eventbridge, bus, MANY, organization) == Sent("1,500 events")
    assert len(receiving.events(bus.bus)) == 1500
    assert organization.control.calls("events", "PutEvents") == 150


def test_large_events_are_put_in_more_calls(organization: Emulator, receiving: Receiving) -> None:
    bus = bus_of(receiving)
    large = all_of(run(*(finding(f"{number:012}", report(ACTIVE), name="x" * 60_000) for number in range(20))))
    assert isinstance(send(eventbridge, bus, large, organization), Sent)
    assert organization.control.calls("events", "PutEvents") == 5


def test_events_that_are_throttled_are_put_again(organization: Emulator, receiving: Receiving) -> None:
    bus = bus_of(receiving)
    receiving.throttle_events(bus.bus, 13)
    assert send(eventbridge, bus, MANY, organization) == Sent("1,500 events")
    details = [json.loads(one["Detail"])["account_id"] for one in receiving.events(bus.bus)]
    assert len(details) == len(set(details)) == 1500


def test_events_that_fail_are_counted_and_the_others_put(organization: Emulator, receiving: Receiving) -> None:
    bus = bus_of(receiving)
    receiving.throttle_events(bus.bus, 40)
    outcome = send(eventbridge, bus, MANY, organization)
    assert outcome == NotSent(
        "10 of 1,500 events failed: EventBridge failed with ThrottlingException: Rate exceeded", "send it again"
    )
    assert len(receiving.events(bus.bus)) == 1490


def test_a_bucket_gets_the_whole_run(organization: Emulator, receiving: Receiving) -> None:
    receiving.create_bucket("management", "audit-archive")
    changes = news_of_every_kind()
    assert isinstance(send(s3, Bucket("audit-archive", "root keys/é"), changes, organization), Sent)
    ((key, stored),) = receiving.objects("audit-archive").items()
    assert key.startswith("root keys/é/accounts/20261124T120000Z-")
    assert (stored.content_type, len(json.loads(stored.body)["accounts"])) == ("application/json", len(EVERY_KIND.findings))


def test_the_key_names_what_was_audited(organization: Emulator, receiving: Receiving) -> None:
    receiving.create_bucket("management", "audit-archive")
    in_organization = replace(EVERY_KIND, scope=replace(EVERY_KIND.scope, organization_id="o-a1b2c3d4e5"))
    for one in (CLEAN, in_organization):
        assert isinstance(send(s3, Bucket("audit-archive", ""), first_changes(one), organization), Sent)
    assert [key.split("/")[0] for key in receiving.objects("audit-archive")] == ["111122223333", "o-a1b2c3d4e5"]


def test_no_object_is_put_over_another(organization: Emulator, receiving: Receiving) -> None:
    receiving.create_bucket("management", "audit-archive")
    destination = Bucket("audit-archive", "runs")
    changes = first_changes(CLEAN)
    assert isinstance(send(s3, destination, changes, organization), Sent)
    before = receiving.objects("audit-archive")
    assert isinstance(send(s3, destination, changes, organization), Sent)
    assert receiving.objects("audit-archive") == before
    (key,) = before
    its_client = client(organization, "s3", "management")
    assert its_client.get_object(Bucket="audit-archive", Key=key)["Body"].read() == before[key].body
    other = replace(CLEAN, tool_version="0.2.0")
    assert isinstance(send(s3, destination, first_changes(other), organization), Sent)
    assert len(receiving.objects("audit-archive")) == 2


def sns_case(receiving: Receiving) -> tuple[Any, Any]:
    return sns, topic_of(receiving)


def eventbridge_case(receiving: Receiving) -> tuple[Any, Any]:
    return eventbridge, bus_of(receiving)


def s3_case(receiving: Receiving) -> tuple[Any, Any]:
    receiving.create_bucket("management", "audit-archive")
    return s3, Bucket("audit-archive", "runs")


Case = Callable[[Receiving], tuple[Any, Any]]
CASES = pytest.mark.parametrize("case", [sns_case, eventbridge_case, s3_case])


@CASES
@pytest.mark.parametrize(
    "effect",
    [
        Reset(),
        Reset(acted=True),
        Refuse("InternalFailure", status=500),
        Refuse("ServiceUnavailable", status=503),
        Refuse("Throttling"),
    ],
    ids=repr,
)
def test_troubles_that_pass_keep_nothing_back(organization: Emulator, receiving: Receiving, case: Case, effect: Any) -> None:
    module, destination = case(receiving)
    organization.control.add_fault(Rule(effect, times=2))
    assert isinstance(send(module, destination, news_of_every_kind(), organization), Sent)


@CASES
@pytest.mark.parametrize("effect", [DenyAccess(), Refuse("ExpiredToken"), Refuse("InvalidClientTokenId")], ids=repr)
def test_a_refusal_is_told(organization: Emulator, receiving: Receiving, case: Case, effect: Any) -> None:
    module, destination = case(receiving)
    organization.control.add_fault(Rule(effect))
    outcome = send(module, destination, news_of_every_kind(), organization)
    assert isinstance(outcome, NotSent)
    assert "may have arrived" not in outcome.problem
    if isinstance(effect, DenyAccess):
        assert "may not call" in outcome.problem


@CASES
@pytest.mark.parametrize("acted", [True, False])
def test_a_delivery_that_may_have_arrived_is_not_called_lost(
    organization: Emulator, receiving: Receiving, case: Case, acted: bool
) -> None:
    module, destination = case(receiving)
    organization.control.add_fault(Rule(Refuse("GatewayTimeout", status=504, acted=acted)))
    outcome = send(module, destination, news_of_every_kind(), organization)
    assert isinstance(outcome, NotSent)
    assert "; it may have arrived anyway" in outcome.problem


@CASES
def test_trouble_that_stays_ends_in_time(organization: Emulator, receiving: Receiving, case: Case) -> None:
    module, destination = case(receiving)
    organization.control.add_fault(Rule(Refuse("Throttling")))
    organization.control.add_fault(Rule(Latency(0.05)))
    outcome = send(module, destination, news_of_every_kind(), organization, replace(QUICK, seconds=1.0))
    assert isinstance(outcome, NotSent)


@pytest.mark.parametrize(
    ("module", "destination", "words"),
    [
        (sns, Topic("arn:aws:sns:eu-west-1:111122223333:none", "eu-west-1"), "the topic does not exist"),
        (s3, Bucket("no-such-bucket", ""), "the bucket does not exist"),
        (eventbridge, EventBus("none", None), "does not exist"),
    ],
)
@pytest.mark.usefixtures("receiving")
def test_what_is_not_there_is_told(organization: Emulator, module: Any, destination: Any, words: str) -> None:
    outcome = send(module, destination, news_of_every_kind(), organization)
    assert isinstance(outcome, NotSent)
    assert words in outcome.problem
