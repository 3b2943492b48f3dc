"""``--format asff``: findings that AWS Security Hub takes, by AWS's own model of them."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from botocore.loaders import Loader
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import ROOT_ACCESS_KEY, find_reference
from rootsweep.core.finding import Verdict
from rootsweep.core.organization import HOME_REGIONS, Account
from rootsweep.core.run import Run
from rootsweep.reports.formats.asff import asff_finding, home_region
from rootsweep.reports.registry import Presentation
from tests.reports.example_runs import EVERY_KIND, EXAMPLES, EXCEPTED, INCOMPLETE, NAMES, ORGANIZATION, finding, run
from tests.reports.formats.long_texts import BLANK, LONG
from tests.reports.formats.security_hub_model import complaints
from tests.reports.shown import OPTIONS, TextFile, shown

STATUSES = {
    Verdict.COMPLIANT: ("PASSED", "RESOLVED"),
    Verdict.NON_COMPLIANT: ("FAILED", "NEW"),
    Verdict.INSUFFICIENT_DATA: ("WARNING", "NEW"),
    Verdict.NOT_APPLICABLE: ("NOT_AVAILABLE", "NEW"),
}


class JsonFile(TextFile):
    file_extension = "json"


def findings(of: Run) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(shown("asff", of))
    return loaded


@pytest.mark.parametrize("name", ["every-kind", "excepted", "organization", "empty"])
def test_asff(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("asff", EXAMPLES[name]) == snapshot(extension_class=JsonFile)


@pytest.mark.parametrize("of", [*EXAMPLES.values(), LONG, BLANK], ids=[*EXAMPLES, "long", "blank"])
def test_security_hub_would_take_every_finding(of: Run) -> None:
    text = shown("asff", of)
    assert complaints(json.loads(text)) == []
    assert text.isascii()


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_every_account_has_a_finding_of_its_own(of: Run) -> None:
    shown_findings = findings(of)
    assert [one["AwsAccountId"] for one in shown_findings] == [one.account.id for one in of.findings]
    assert len({one["Id"] for one in shown_findings}) == len(of.findings)


@pytest.mark.parametrize("of", [EVERY_KIND, ORGANIZATION], ids=["every-kind", "organization"])
def test_each_verdict_has_a_status_of_its_own(of: Run) -> None:
    for one, found in zip(findings(of), of.findings, strict=True):
        assert (one["Compliance"]["Status"], one["Workflow"]["Status"]) == STATUSES[found.verdict]
        assert one["ProductFields"]["rootsweep/verdict"] == found.verdict
        assert [reason["ReasonCode"] for reason in one["Compliance"]["StatusReasons"]] == [r.code for r in found.reasons]


def test_severity_is_told_twice_so_that_it_can_be_updated() -> None:
    by_account = {one["AwsAccountId"]: one for one in findings(EVERY_KIND)}
    labels = {account: one["Severity"]["Label"] for account, one in by_account.items()}
    assert labels["222233334444"] == "CRITICAL"
    assert labels["333344445555"] == "HIGH"
    assert labels["111122223333"] == "INFORMATIONAL"
    assert labels["666677778888"] == "MEDIUM"
    assert labels["999900001111"] == "INFORMATIONAL"
    assert all(one["FindingProviderFields"]["Severity"] == one["Severity"] for one in by_account.values())


def test_an_excepted_finding_fails_and_is_suppressed_with_a_note() -> None:
    named, unnamed, clean = findings(EXCEPTED)
    assert named["Compliance"]["Status"] == unnamed["Compliance"]["Status"] == "FAILED"
    assert named["Workflow"]["Status"] == unnamed["Workflow"]["Status"] == "SUPPRESSED"
    assert named["Note"]["Text"] == (
        "Excepted until 2027-03-24 12:00 UTC, owner ana.souza@example.com, ticket SEC-1204: The appliance knows no roles."
    )
    assert named["ProductFields"]["rootsweep/exception/expires_at"] == "2027-03-24T12:00:00Z"
    assert "\\u202e" in unnamed["Note"]["Text"]
    assert "Note" not in clean


def test_an_id_holds_no_time_no_key_and_no_verdict() -> None:
    (before,) = findings(run(finding("222233334444", *EVERY_KIND.findings[1].evidence)))
    clean = run(finding("222233334444", *EVERY_KIND.findings[0].evidence))
    (after,) = findings(replace(clean, finished_at=clean.finished_at + timedelta(days=30)))
    assert before["Id"] == after["Id"] == "rootsweep/aws/222233334444/root-access-key"
    assert (before["Compliance"]["Status"], after["Compliance"]["Status"]) == ("FAILED", "PASSED")
    assert before["UpdatedAt"] < after["UpdatedAt"]


def test_keys_of_known_id_are_resources() -> None:
    payments = findings(ORGANIZATION)[2]
    account, active, inactive = payments["Resources"]
    assert account["Id"] == "AWS::::Account:222233334444"
    assert account["Details"]["Other"]["Name"] == "payments"
    assert active["Details"]["AwsIamAccessKey"] == {
        "AccessKeyId": "AKIAQNZGKIQY56JQ7WMM",
        "AccountId": "222233334444",
        "CreatedAt": "2021-05-17T14:03:27Z",
        "PrincipalId": "222233334444",
        "PrincipalName": "root",
        "PrincipalType": "Root",
        "Status": "Active",
    }
    assert inactive["Details"]["AwsIamAccessKey"]["Status"] == "Inactive"


def test_texts_that_are_too_long_end_in_an_ellipsis() -> None:
    (one,) = findings(LONG)
    assert one["AwsAccountName"].endswith("…")
    assert one["Note"]["Text"].endswith("…")
    assert one["Note"]["Text"].startswith("Excepted until 2026-11-25 12:00 UTC, owner \\x1b[31m")
    assert one["Remediation"]["Recommendation"]["Text"].endswith("…")
    assert one["Description"].endswith("This account has an exception.")
    assert one["ProductFields"]["rootsweep/evidence/more"] == "40 more"
    assert len(one["Resources"]) == 32


def test_names_are_shown_in_any_script_and_cannot_act() -> None:
    names = [one.get("AwsAccountName") for one in findings(NAMES)]
    assert names[0] == "本番環境アカウント"
    assert names[5] == "\\x1b[31mescape\\x1b[0m line"
    assert names[-1] is None


def test_every_framework_is_among_the_requirements() -> None:
    requirements = findings(EVERY_KIND)[0]["Compliance"]["RelatedRequirements"]
    for reference in ROOT_ACCESS_KEY.references:
        for requirement in reference.requirement.split(", "):
            assert f"{reference.framework} {reference.version}/{requirement}" in requirements


def test_the_title_shows_the_version_that_was_asked_for() -> None:
    reference = find_reference("CIS AWS Foundations 7.0")
    assert reference is not None
    text = shown("asff", EVERY_KIND, replace(OPTIONS[0], presentation=Presentation(reference)))
    assert {one["Title"] for one in json.loads(text)} == {f"CIS AWS Foundations 7.0.0, 2.4: {ROOT_ACCESS_KEY.title}"}


def test_an_incomplete_scope_stands_in_every_finding() -> None:
    assert [one["ProductFields"]["rootsweep/scope_complete"] for one in findings(INCOMPLETE)] == ["false"]


def test_every_partition_of_aws_has_a_region_of_its_own() -> None:
    partitions = {one["id"]: one["regions"] for one in Loader().load_data("partitions")["partitions"]}
    assert set(partitions) == set(HOME_REGIONS)
    assert all(HOME_REGIONS[name] in regions for name, regions in partitions.items())
    assert home_region("aws-of-tomorrow") == "us-east-1"


def test_a_finding_can_be_addressed_to_another_region() -> None:
    found = replace(EVERY_KIND.findings[0], account=Account("111122223333", partition="aws-eusc"))
    here = asff_finding(found, EVERY_KIND)
    assert here.product_arn == "arn:aws-eusc:securityhub:eusc-de-east-1:111122223333:product/111122223333/default"
    assert {one.partition for one in here.resources} == {None}
    there = asff_finding(found, EVERY_KIND, region="eusc-de-east-2")
    assert {one.region for one in there.resources} == {"eusc-de-east-2"}
    assert complaints([msgspec.to_builtins(there)]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"Title": "t" * 257},
        {"Title": " "},
        {"Id": ""},
        {"Verdict": "COMPLIANT"},
        {"RecordState": "GONE"},
        {"UpdatedAt": "yesterday"},
        {"Types": ["a/b/c"] * 51},
        {"ProductFields": {"k" * 129: "value"}},
        {"SourceUrl": "x" * 250_000},
    ],
    ids=lambda wrong: str(*wrong),
)
def test_what_security_hub_would_refuse_is_noticed(wrong: dict[str, Any]) -> None:
    assert complaints([{**findings(EVERY_KIND)[0], **wrong}]) != []
