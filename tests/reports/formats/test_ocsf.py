"""``--format ocsf``: events that satisfy the official schema of OCSF 1.8.0."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import ROOT_ACCESS_KEY, find_reference
from rootsweep.core.finding import Verdict
from rootsweep.core.run import Run
from rootsweep.reports.registry import Presentation
from tests.json_schema import validator
from tests.reports.example_runs import (
    DENIED,
    EMPTY_RUN,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    INCOMPLETE,
    NAMES,
    ORGANIZATION,
    finding,
    run,
)
from tests.reports.formats.long_texts import BLANK, LONG
from tests.reports.shown import OPTIONS, TextFile, shown

SCHEMAS = Path(__file__).parents[2] / "schemas" / "ocsf"
SCHEMA_TEXTS = {
    class_uid: (SCHEMAS / f"{name}-1.8.0-cloud.json").read_text("utf-8")
    for class_uid, name in ((2003, "compliance_finding"), (6007, "scan_activity"))
}
STATUSES = {
    Verdict.COMPLIANT: (1, "Pass"),
    Verdict.NON_COMPLIANT: (3, "Fail"),
    Verdict.INSUFFICIENT_DATA: (2, "Warning"),
    Verdict.NOT_APPLICABLE: (99, "NOT_APPLICABLE"),
}


class JsonFile(TextFile):
    file_extension = "json"


def events(of: Run) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(shown("ocsf", of))
    return loaded


def findings(of: Run) -> list[dict[str, Any]]:
    return [one for one in events(of) if one["class_uid"] == 2003]


def complaints(event: dict[str, Any]) -> list[str]:
    return [
        f"{error.instance_path}: {error.message}" for error in validator(SCHEMA_TEXTS[event["class_uid"]]).iter_errors(event)
    ]


@pytest.mark.parametrize("name", ["every-kind", "excepted", "organization", "empty"])
def test_ocsf(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("ocsf", EXAMPLES[name]) == snapshot(extension_class=JsonFile)


@pytest.mark.parametrize("of", [*EXAMPLES.values(), LONG, BLANK], ids=[*EXAMPLES, "long", "blank"])
def test_every_event_satisfies_the_official_schema(of: Run) -> None:
    assert [complaint for event in events(of) for complaint in complaints(event)] == []
    assert shown("ocsf", of).isascii()


@pytest.mark.parametrize("wrong", [{"class_uid": 2003, "verdict": "x"}, {"severity_id": 7}, {"time": "now"}, {"cloud": {}}])
def test_what_the_schema_forbids_is_noticed(wrong: dict[str, Any]) -> None:
    assert complaints({**findings(EVERY_KIND)[0], **wrong}) != []


def deprecated(value: object, schema: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    if isinstance(value, list):
        return [name for one in value for name in deprecated(one, schema["items"], definitions)]
    if not isinstance(value, dict):
        return []
    known = definitions.get(schema.get("$ref", "").removeprefix("#/$defs/"), schema).get("properties", {})
    own = [name for name in value if known.get(name, {}).get("deprecated")]
    return own + [deep for name in value for deep in deprecated(value[name], known.get(name, {"items": {}}), definitions)]


@pytest.mark.parametrize("of", [EVERY_KIND, EXCEPTED, ORGANIZATION, INCOMPLETE])
def test_nothing_deprecated_is_used(of: Run) -> None:
    for event in events(of):
        schema = json.loads(SCHEMA_TEXTS[event["class_uid"]])
        assert isinstance(schema, dict)
        assert deprecated(event, schema, schema["$defs"]) == []
        assert deprecated({**event, "resource": {}}, schema, schema["$defs"]) == ["resource"] * (event["class_uid"] == 2003)


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_every_account_has_an_event_of_its_own(of: Run) -> None:
    shown_findings = findings(of)
    assert [one["cloud"]["account"]["uid"] for one in shown_findings] == [one.account.id for one in of.findings]
    for key in ("finding_info", "metadata"):
        assert len({one[key]["uid"] for one in shown_findings}) == len(of.findings)


@pytest.mark.parametrize("of", [EVERY_KIND, ORGANIZATION], ids=["every-kind", "organization"])
def test_each_verdict_has_a_status_of_its_own(of: Run) -> None:
    for one, found in zip(findings(of), of.findings, strict=True):
        assert (one["compliance"]["status_id"], one["compliance"]["status"]) == STATUSES[found.verdict]
        assert one["compliance"]["status_code"] == one["unmapped"]["verdict"] == found.verdict
        assert [reason["code"] for reason in one["unmapped"]["reasons"]] == [reason.code for reason in found.reasons]


def test_severities() -> None:
    severities = {one["cloud"]["account"]["uid"]: one["severity"] for one in findings(EVERY_KIND)}
    assert severities["222233334444"] == "Critical"
    assert severities["333344445555"] == "High"
    assert severities["666677778888"] == "Medium"
    assert severities["111122223333"] == severities["999900001111"] == "Informational"


def test_captions_belong_to_their_numbers() -> None:
    for event in (*events(EVERY_KIND), *events(EXCEPTED)):
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert event["class_uid"] // 1000 == event["category_uid"]
        assert event["type_name"] == f"{event['class_name']}: {event['activity_name']}"


def test_an_excepted_finding_fails_and_is_suppressed_with_a_comment() -> None:
    named, unnamed, clean = findings(EXCEPTED)
    assert named["compliance"]["status"] == unnamed["compliance"]["status"] == "Fail"
    assert (named["status_id"], named["status"]) == (3, "Suppressed")
    assert named["comment"] == (
        "Excepted until 2027-03-24 12:00 UTC, owner ana.souza@example.com, ticket SEC-1204: The appliance knows no roles."
    )
    assert named["unmapped"]["exception"]["ticket"] == "SEC-1204"
    assert "ticket" not in unnamed["unmapped"]["exception"]
    assert (clean["status"], clean.get("comment")) == ("New", None)


def test_a_finding_keeps_its_id_and_each_event_has_its_own() -> None:
    later = replace(EVERY_KIND, finished_at=EVERY_KIND.finished_at + timedelta(days=30))
    for before, after in zip(findings(EVERY_KIND), findings(later), strict=True):
        assert before["finding_info"]["uid"] == after["finding_info"]["uid"]
        assert before["metadata"]["uid"] != after["metadata"]["uid"]
        assert before["time"] < after["time"]


def test_times_are_milliseconds() -> None:
    assert findings(EVERY_KIND)[1]["time"] == datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp() * 1000


def test_root_user_and_keys_are_resources() -> None:
    root, active, inactive = findings(ORGANIZATION)[2]["resources"]
    assert root["uid"] == "arn:aws:iam::222233334444:root"
    assert (active["uid"], active["data"]["status"]) == ("AKIAQNZGKIQY56JQ7WMM", "ACTIVE")
    assert active["data"]["last_used_service"] == "s3"
    assert (inactive["data"]["status"], inactive["data"]["last_used_status"]) == ("INACTIVE", "never_recorded")


def test_organization_and_unit_are_told() -> None:
    management, clean = findings(ORGANIZATION)[:2]
    assert management["cloud"]["org"] == {"uid": "o-a1b2c3d4e5", "ou_uid": "r-ab12", "ou_name": "Root"}
    assert clean["cloud"]["org"]["ou_name"] == "Production"
    assert findings(ORGANIZATION)[-1]["cloud"]["org"] == {"uid": "o-a1b2c3d4e5"}


def test_evidence_tells_the_call_and_its_refusal() -> None:
    (one,) = findings(run(finding("666677778888", DENIED)))
    (evidence,) = one["evidences"]
    assert evidence["api"] == {
        "operation": "GetAccountSummary",
        "service": {"name": "iam"},
        "response": {"error": "AccessDenied"},
    }
    assert evidence["data"]["reason"] == "access_denied"


def test_what_only_the_run_tells_is_an_event_at_the_end() -> None:
    last = events(EVERY_KIND)[-1]
    assert (last["class_name"], last["status"]) == ("Scan Activity", "Failure")
    assert last["unmapped"]["rejected_inputs"][1] == {"path": "cut.csv", "reason": "cut off", "line": 4}
    assert events(INCOMPLETE)[-1]["status_detail"] == (
        "The accounts in scope could not all be listed, so that accounts are missing here."
    )
    assert findings(INCOMPLETE)[0]["unmapped"]["scope"] == {"kind": "files", "complete": False}
    assert [one["status_detail"] for one in events(EMPTY_RUN)] == ["The audit covers no account, so that it proves nothing."]
    assert events(ORGANIZATION) == findings(ORGANIZATION)


def test_names_are_shown_in_any_script_and_cannot_act() -> None:
    names = [one["cloud"]["account"].get("name") for one in findings(NAMES)]
    assert names[0] == "本番環境アカウント"
    assert names[5] == "\\x1b[31mescape\\x1b[0m line"
    assert names[-1] is None


def test_every_framework_is_told_and_the_control_has_the_number_that_was_asked_for() -> None:
    reference = find_reference("CIS AWS Foundations 7.0")
    assert reference is not None
    text = shown("ocsf", EXCEPTED, replace(OPTIONS[0], presentation=Presentation(reference)))
    for one in json.loads(text):
        compliance = one["compliance"]
        assert compliance["control"].startswith("CIS AWS Foundations 7.0.0 - Control 2.4 - Ensure")
        assert compliance["standards"] == [f"{known.framework} {known.version}" for known in ROOT_ACCESS_KEY.references]
        assert "PCI DSS 4.0/8.3.11" in compliance["requirements"]
