"""``rootsweep quarantine status``: what CloudTrail tells, and what it does not."""

from rootsweep.core.removal.journal import Intent
from rootsweep_emulator import DenyAccess, Rule, SessionOf
from tests.cli.quarantine.case import Case, Quarantine
from tests.emulator.clients import client, error_of


def let_the_role_look_up(case: Case) -> None:
    for account in (case.first, case.second):
        case.control.set_role_actions(account, "RootAudit", "ec2:DescribeRegions", "cloudtrail:LookupEvents")


def record(case: Case, region: str, name: str, age: float, error_code: str | None = "AccessDenied") -> None:
    key_id = case.keys[case.first]
    case.control.record_event(case.first, key_id, name, "s3.amazonaws.com", region, age, error_code)


def test_status_shows_the_denied_calls_of_every_region_since_it_began(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    record(case, "us-east-1", "BeforeTheQuarantine", 3600)
    quarantine("on")
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert outcome.code == 0
    assert outcome.out.count(": 0 calls denied") == 2
    assert "no data events" in outcome.out
    case.control.advance(100)
    record(case, "us-east-1", "ListBuckets", 40)
    record(case, "eu-west-1", "CreateBucket", 60, "Client.UnauthorizedOperation")
    record(case, "eu-west-1", "GetBucketLocation", 50, None)
    record(case, "eu-west-1", "HeadBucket", 50, "NoSuchBucket")
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert outcome.code == 1
    assert f"{case.keys[case.first]}: 2 calls denied, 2 others" in outcome.out
    shown = [line.split("UTC")[1].split() for line in outcome.out.splitlines() if "amazonaws.com:" in line]
    assert shown == [
        ["eu-west-1", "s3.amazonaws.com:CreateBucket", "from", "127.0.0.1"],
        ["us-east-1", "s3.amazonaws.com:ListBuckets", "from", "127.0.0.1"],
    ]
    intent = next(e for e in case.entries() if isinstance(e.payload, Intent) and e.payload.account_id == case.first)
    assert f"{case.first}  since {intent.at:%Y-%m-%d %H:%M:%S} UTC" in outcome.out


def test_a_call_that_the_quarantine_denied_is_found(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    case.emulator.world.named["root"] = (case.second, "root")
    error_of(client(case.emulator, "iam", "root").create_access_key)
    case.control.advance(2)
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert outcome.code == 1
    assert "iam.amazonaws.com:CreateAccessKey" in outcome.out


def test_events_are_read_page_by_page(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    case.control.advance(1000)
    for number in range(60):
        record(case, "us-east-1", "ListBuckets", 100 + number)
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert (outcome.code, outcome.out.count("s3.amazonaws.com:ListBuckets")) == (1, 60)


def test_what_cannot_be_looked_up_is_told(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    outcome = quarantine("status")
    assert (outcome.code, outcome.out.count("--role-name")) == (3, 2)
    outcome = quarantine("status", "--role-name", "Nobody")
    assert (outcome.code, " ".join(outcome.out.split()).count("may not assume")) == (3, 2)
    case.control.add_fault(Rule(DenyAccess(), "cloudtrail", "LookupEvents", times=1))
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert (outcome.code, outcome.out.count("not looked up in ap-southeast-2")) == (3, 1)


def test_the_events_of_another_account_are_not_looked_up(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    case.control.add_fault(Rule(SessionOf(case.second), "sts", "AssumeRole", case.first))
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert (outcome.code, outcome.out.count(": 0 calls denied")) == (3, 1)
    assert f"sts:AssumeRole for account {case.first} returned a session of" in " ".join(outcome.out.split())


def test_status_of_what_is_not_quarantined(case: Case, quarantine: Quarantine) -> None:
    outcome = quarantine("status")
    assert (outcome.code, outcome.out.count("NOT_QUARANTINED")) == (3, 2)
    assert not case.journal.exists()
    quarantine("on")
    outcome = quarantine("status", "--journal", str(case.path.parent / "other.jsonl"))
    assert "a time that the journal does not tell" in outcome.out
