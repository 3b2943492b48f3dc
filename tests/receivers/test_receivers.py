"""What takes findings, messages, events and objects, as boto3 sees it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rootsweep_emulator import DenyAccess, Emulator, Refuse, Reset, Rule, load_scenario
from tests.emulator.clients import client, error_of
from tests.receivers import RECEIVERS, Receiving

REGION = "us-east-1"


@pytest.fixture(name="clean")
def account_that_receives() -> Iterator[tuple[Emulator, Receiving]]:
    with Emulator(load_scenario("demo"), RECEIVERS) as emulator:
        receiving = Receiving(emulator.world)
        receiving.permit("clean", "securityhub:*", "sns:*", "events:*", "s3:*")
        yield emulator, receiving


World = tuple[Emulator, Receiving]


def finding(account_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": "2018-10-08",
        "Id": "finding-1",
        "ProductArn": f"arn:aws:securityhub:{REGION}:{account_id}:product/{account_id}/default",
        "GeneratorId": "generator",
        "AwsAccountId": account_id,
        "Types": ["Software and Configuration Checks"],
        "CreatedAt": "2026-11-24T12:00:00Z",
        "UpdatedAt": "2026-11-24T12:00:00Z",
        "Severity": {"Label": "HIGH"},
        "Title": "title",
        "Description": "description",
        "Resources": [{"Type": "AwsAccount", "Id": f"AWS::::Account:{account_id}"}],
        **changes,
    }


def own_id(emulator: Emulator) -> str:
    return emulator.world.named["clean"][0]


def test_a_finding_is_kept_updated_and_never_doubled(clean: World) -> None:
    emulator, receiving = clean
    receiving.enable_security_hub(own_id(emulator), REGION)
    hub = client(emulator, "securityhub", "clean")
    first = finding(own_id(emulator), Workflow={"Status": "NEW"})
    assert hub.batch_import_findings(Findings=[first])["SuccessCount"] == 1
    older = finding(own_id(emulator), Title="older", UpdatedAt="2026-11-24T11:00:00Z")
    newer = finding(own_id(emulator), Title="newer", UpdatedAt="2026-11-25T12:00:00Z", Workflow={"Status": "RESOLVED"})
    hub.batch_import_findings(Findings=[older])
    assert [one["Title"] for one in hub.get_findings()["Findings"]] == ["title"]
    hub.batch_import_findings(Findings=[newer])
    (kept,) = hub.get_findings(Filters={"Id": [{"Value": "finding-1", "Comparison": "EQUALS"}]})["Findings"]
    assert (kept["Title"], kept["Workflow"]["Status"]) == ("newer", "NEW")


@pytest.mark.parametrize(
    "changes",
    [
        {"AwsAccountId": "999999999999"},
        {"ProductArn": "arn:aws:securityhub:us-east-1::product/aws/guardduty"},
        {"SchemaVersion": "2020"},
        {"Types": []},
        {"Resources": []},
        {"Description": "x" * 250_000},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_finding_that_is_wrong_fails_alone(clean: World, changes: dict[str, Any]) -> None:
    emulator, receiving = clean
    receiving.enable_security_hub(own_id(emulator), REGION)
    hub = client(emulator, "securityhub", "clean")
    wrong, right = finding(own_id(emulator), Id="wrong", **changes), finding(own_id(emulator))
    answer = hub.batch_import_findings(Findings=[wrong, right])
    assert (answer["FailedCount"], answer["SuccessCount"]) == (1, 1)
    assert [(one["Id"], one["ErrorCode"]) for one in answer["FailedFindings"]] == [("wrong", "InvalidInput")]


def test_a_call_that_is_wrong_fails_whole(clean: World) -> None:
    emulator, receiving = clean
    hub = client(emulator, "securityhub", "clean")
    one = finding(own_id(emulator))
    assert error_of(hub.batch_import_findings, Findings=[one])[::2] == ("InvalidAccessException", 401)
    receiving.enable_security_hub(own_id(emulator), REGION)
    assert error_of(hub.batch_import_findings, Findings=[one] * 101)[::2] == ("InvalidInputException", 400)
    elsewhere = client(emulator, "securityhub", "clean", region="eu-west-1")
    assert error_of(elsewhere.get_findings)[0] == "InvalidAccessException"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"TopicArn": "arn:aws:sns:us-east-1:111122223333:none"}, "NotFound"),
        ({"Subject": "line\nbreak"}, "InvalidParameter"),
        ({"Subject": "x" * 100}, "InvalidParameter"),
        ({"Message": ""}, "InvalidParameter"),
        ({"Message": "x" * 262_145}, "InvalidParameter"),
        ({"Message": "{}", "MessageStructure": "json"}, "InvalidParameter"),
        ({"Message": "text", "MessageStructure": "json"}, "InvalidParameter"),
    ],
    ids=repr,
)
def test_a_message_that_is_wrong_is_refused(clean: World, parameters: dict[str, str], code: str) -> None:
    emulator, receiving = clean
    arn = receiving.create_topic("clean", "topic", REGION)
    sns = client(emulator, "sns", "clean")
    assert error_of(sns.publish, **{"TopicArn": arn, "Message": "text"} | parameters)[0] == code
    assert receiving.publications(arn) == []


def test_entries_fail_one_by_one(clean: World) -> None:
    emulator, receiving = clean
    arn = receiving.create_event_bus("clean", "bus", REGION)
    events = client(emulator, "events", "clean")
    right = {"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": "bus"}
    entries = [right, right | {"Detail": "{"}, right | {"Source": ""}, right | {"EventBusName": "none"}]
    answer = events.put_events(Entries=entries)
    codes = [one.get("ErrorCode") for one in answer["Entries"]]
    assert codes == [None, "MalformedDetail", "InvalidArgument", "ResourceNotFoundException"]
    assert (answer["FailedEntryCount"], len(receiving.events(arn))) == (3, 1)
    assert error_of(events.put_events, Entries=[right] * 11)[0] == "ValidationException"


def test_objects_are_kept_and_described(clean: World) -> None:
    emulator, receiving = clean
    receiving.create_bucket("clean", "a-bucket")
    s3 = client(emulator, "s3", "clean")
    for key in ("a/1", "a/2 ü?&=+%2F", "b/1"):
        s3.put_object(Bucket="a-bucket", Key=key, Body=key.encode(), IfNoneMatch="*", Metadata={"a": "b"})
    assert s3.get_object(Bucket="a-bucket", Key="a/2 ü?&=+%2F")["Body"].read().decode() == "a/2 ü?&=+%2F"
    assert s3.head_object(Bucket="a-bucket", Key="a/1")["ContentLength"] == 3
    first = s3.list_objects_v2(Bucket="a-bucket", Prefix="a/", MaxKeys=1)
    second = s3.list_objects_v2(Bucket="a-bucket", Prefix="a/", ContinuationToken=first["NextContinuationToken"])
    assert [one["Key"] for one in first["Contents"] + second["Contents"]] == ["a/1", "a/2 ü?&=+%2F"]
    assert list(receiving.objects("a-bucket")) == ["a/1", "a/2 ü?&=+%2F", "b/1"]


def test_an_object_is_not_put_over_another(clean: World) -> None:
    emulator, receiving = clean
    receiving.create_bucket("clean", "a-bucket")
    s3 = client(emulator, "s3", "clean")
    s3.put_object(Bucket="a-bucket", Key="k", Body=b"first", IfNoneMatch="*")
    refused = error_of(s3.put_object, Bucket="a-bucket", Key="k", Body=b"second", IfNoneMatch="*")
    assert refused[::2] == ("PreconditionFailed", 412)
    assert receiving.objects("a-bucket")["k"].body == b"first"
    s3.put_object(Bucket="a-bucket", Key="k", Body=b"third")
    assert receiving.objects("a-bucket")["k"].body == b"third"


def test_what_is_not_there_is_not_found(clean: World) -> None:
    emulator, receiving = clean
    receiving.create_bucket("clean", "a-bucket")
    another = next(one for one in emulator.world.accounts if one != own_id(emulator))
    receiving.create_bucket(another, "anothers-bucket")
    s3 = client(emulator, "s3", "clean")
    assert error_of(s3.get_object, Bucket="a-bucket", Key="k")[::2] == ("NoSuchKey", 404)
    assert error_of(s3.head_object, Bucket="a-bucket", Key="k")[2] == 404
    assert error_of(s3.list_objects_v2, Bucket="no-bucket")[::2] == ("NoSuchBucket", 404)
    assert error_of(s3.list_objects_v2, Bucket="anothers-bucket")[::2] == ("AccessDenied", 403)
    assert error_of(s3.get_object_tagging, Bucket="a-bucket", Key="k", VersionId="v")[2] in {404, 501}


def put(emulator: Emulator, receiving: Receiving, service: str) -> Callable[[], Any]:
    its_client = client(emulator, service, "clean")
    match service:
        case "securityhub":
            receiving.enable_security_hub(own_id(emulator), REGION)
            return lambda: its_client.batch_import_findings(Findings=[finding(own_id(emulator))])
        case "sns":
            arn = receiving.create_topic("clean", "topic", REGION)
            return lambda: its_client.publish(TopicArn=arn, Message="text")
        case "events":
            entry = {"Source": "s", "DetailType": "d", "Detail": "{}"}
            return lambda: its_client.put_events(Entries=[entry])
        case _:
            receiving.create_bucket("clean", "a-bucket")
            return lambda: its_client.put_object(Bucket="a-bucket", Key="k", Body=b"x")


SERVICES = pytest.mark.parametrize("service", ["securityhub", "sns", "events", "s3"])


@SERVICES
def test_faults_meet_each_service(clean: World, service: str) -> None:
    emulator, receiving = clean
    call = put(emulator, receiving, service)
    emulator.control.add_fault(Rule(DenyAccess(), service, times=1))
    assert error_of(call)[0] in {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
    emulator.control.add_fault(Rule(Refuse("Throttling", "Rate exceeded"), service, times=1))
    assert error_of(call)[0] in {"SlowDown", "ThrottlingException", "TooManyRequestsException", "Throttling"}
    emulator.control.add_fault(Rule(Reset(), service, times=1))
    with pytest.raises(Exception, match="Connection"):
        call()
    call()
    assert emulator.control.calls(service) == 4


@SERVICES
def test_a_wrong_secret_is_refused(clean: World, service: str) -> None:
    emulator, receiving = clean
    put(emulator, receiving, service)
    wrong = emulator.credentials("clean")._replace(secret_access_key="wrong")
    names = {"securityhub": "get_findings", "sns": "publish", "events": "put_events", "s3": "list_objects_v2"}
    parameters: dict[str, dict[str, Any]] = {
        "securityhub": {},
        "sns": {"TopicArn": "arn", "Message": "text"},
        "events": {"Entries": [{"Source": "s"}]},
        "s3": {"Bucket": "a-bucket"},
    }
    call = getattr(client(emulator, service, wrong), names[service])
    assert error_of(call, **parameters[service])[0] in {"SignatureDoesNotMatch", "InvalidSignatureException"}
