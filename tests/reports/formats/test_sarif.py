"""SARIF: valid by the official schema, a result for every account, and nothing raised as an alert that is none."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import ROOT_ACCESS_KEY, find_reference
from rootsweep.core.evidence import Access, CredentialReport, Observed, Origin
from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import RejectedInput, Run
from rootsweep.reports.registry import Presentation, RenderOptions
from tests.json_schema import validate
from tests.reports.example_runs import (
    ACTIVE,
    EMPTY,
    EMPTY_2,
    EMPTY_RUN,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    GENERATED,
    INCOMPLETE,
    NAMES,
    ORGANIZATION,
    UNREAD_ACCOUNTS,
    finding,
    run,
    summary,
)
from tests.reports.shown import OPTIONS, TextFile, shown

SCHEMA = Path(__file__).parents[2] / "schemas" / "sarif" / "sarif-2.1.0-rtm.5.json"
KINDS = {
    Verdict.COMPLIANT: ("pass", "none"),
    Verdict.NON_COMPLIANT: ("fail", "error"),
    Verdict.INSUFFICIENT_DATA: ("open", "none"),
    Verdict.NOT_APPLICABLE: ("notApplicable", "none"),
}


class SarifFile(TextFile):
    """A golden SARIF file."""

    file_extension = "sarif"


def log_of(audit: Run, options: RenderOptions = OPTIONS[0]) -> Any:
    return json.loads(shown("sarif", audit, options))


def run_of(audit: Run, options: RenderOptions = OPTIONS[0]) -> Any:
    (one,) = log_of(audit, options)["runs"]
    return one


def others_of(audit: Run) -> list[Any]:
    return [result for one in log_of(audit).get("inlineExternalProperties", []) for result in one["results"]]


def results_of(audit: Run) -> list[Any]:
    """Give the results of a run as the standard defines them: those that stand in it, and those that it refers to."""
    return [*run_of(audit)["results"], *others_of(audit)]


def result_for(found: Finding) -> Any:
    (result,) = results_of(run(found))
    return result


def report_in(path: str, line: int | None = None) -> Observed:
    return Observed(CredentialReport(GENERATED, (ACTIVE, EMPTY_2)), Origin(Access.FILES, path=path, line=line))


def physical(location: Any) -> tuple[str, int]:
    return location["physicalLocation"]["artifactLocation"]["uri"], location["physicalLocation"]["region"]["startLine"]


@pytest.mark.parametrize("name", ["every-kind", "excepted", "empty", "organization"])
def test_sarif(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("sarif", EXAMPLES[name]) == snapshot(extension_class=SarifFile)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_satisfies_the_official_schema(name: str) -> None:
    # The pattern of a language in the official schema has a bracket too many.
    text = SCHEMA.read_text("utf-8").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$")
    validate(log_of(EXAMPLES[name]), json.loads(text))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_account_has_one_result_of_the_kind_of_its_verdict(name: str) -> None:
    results = {result["properties"]["accountId"]: result for result in results_of(EXAMPLES[name])}
    assert len(results) == len(results_of(EXAMPLES[name])) == len(EXAMPLES[name].findings)
    for found in EXAMPLES[name].findings:
        result = results[found.account.id]
        assert (result["kind"], result["level"]) == KINDS[found.verdict]
        assert (result["ruleId"], result["ruleIndex"]) == ("root-access-key", 0)
        assert result["properties"]["verdict"] == found.verdict


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_what_needs_someone_is_raised_as_an_alert(name: str) -> None:
    raised = {result["kind"] for result in run_of(EXAMPLES[name])["results"]}
    assert raised <= {"fail", "open"}
    assert {result["kind"] for result in others_of(EXAMPLES[name])} <= {"pass", "notApplicable"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_run_tells_where_its_other_results_are(name: str) -> None:
    others = others_of(EXAMPLES[name])
    references = run_of(EXAMPLES[name]).get("externalPropertyFileReferences")
    expected = {"results": [{"location": {"uri": "sarif:/inlineExternalProperties/0"}, "itemCount": len(others)}]}
    assert references == (expected if others else None)


def test_an_exception_is_a_suppression_of_a_failure_that_is_still_shown() -> None:
    first, second = run_of(EXCEPTED)["results"]
    assert first["kind"] == second["kind"] == "fail"
    assert first["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "The appliance knows no roles.",
            "properties": {"owner": "ana.souza@example.com", "expiresAt": "2027-03-24T12:00:00Z", "ticket": "SEC-1204"},
        }
    ]
    assert "ticket" not in second["suppressions"][0]["properties"]
    assert first["message"]["text"].startswith("222233334444 (build farm) is NON_COMPLIANT, excepted: ")
    assert "Excepted by ana.souza@example.com until 2027-03-24 12:00 UTC, SEC-1204:" in first["message"]["text"]
    assert [result for result in results_of(EVERY_KIND) if "suppressions" in result] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_result_is_the_same_in_every_run(name: str) -> None:
    later = replace(
        EXAMPLES[name],
        started_at=EXAMPLES[name].started_at + timedelta(days=30),
        tool_version="9.9.9",
        findings=tuple(replace(one, account=replace(one.account, name="renamed")) for one in EXAMPLES[name].findings[::-1]),
    )
    before = {one["properties"]["accountId"]: one["partialFingerprints"] for one in results_of(EXAMPLES[name])}
    after = {one["properties"]["accountId"]: one["partialFingerprints"] for one in results_of(later)}
    assert before == after
    hashes = [one["primaryLocationLineHash"] for one in before.values()]
    assert len(set(hashes)) == len(hashes)
    assert all(re.fullmatch(r"[0-9a-f]{16}:1", one) for one in hashes)


def test_a_partition_that_is_learnt_later_makes_no_other_result() -> None:
    known, unknown = (
        replace(found, account=replace(found.account, partition=partition))
        for found in [finding("111122223333", summary(present=True))]
        for partition in ["aws", None]
    )
    assert result_for(known)["partialFingerprints"] == result_for(unknown)["partialFingerprints"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("reports/report.csv", "reports/report.csv"),
        ("./reports//report.csv", "reports/report.csv"),
        ("../report.csv", "../report.csv"),
        ("reports\\prod\\report.csv", "reports/prod/report.csv"),
        ("my reports/50% #1?.csv", "my%20reports/50%25%20%231%3F.csv"),
        ("a:b.csv", "a%3Ab.csv"),
        ("本番.csv", "%E6%9C%AC%E7%95%AA.csv"),
        ("/srv/audit/my report.csv", "file:///srv/audit/my%20report.csv"),
        ("C:\\audit\\my report.csv", "file:///C:/audit/my%20report.csv"),
        ("\\\\server\\share\\report.csv", "file://server/share/report.csv"),
        ("//server/share/report.csv", "file://server/share/report.csv"),
    ],
)
def test_a_path_is_a_valid_uri(path: str, uri: str) -> None:
    result = result_for(finding("222233334444", report_in(path, 7)))
    assert physical(result["locations"][0]) == (uri, 7)
    base = result["locations"][0]["physicalLocation"]["artifactLocation"].get("uriBaseId")
    assert base == (None if uri.startswith("file:") else "%SRCROOT%")
    assert "%SRCROOT%" in run_of(EVERY_KIND)["originalUriBaseIds"]


@pytest.mark.parametrize(
    "found",
    [finding("222233334444", summary(present=True)), finding("222233334444", report_in("-", 3)), finding("222233334444")],
    ids=["live", "standard-input", "nothing"],
)
def test_an_account_without_a_file_has_a_path_that_stands_for_it(found: Finding) -> None:
    assert [physical(one) for one in result_for(found)["locations"]] == [("accounts/222233334444", 1)]


def test_further_files_are_related_locations() -> None:
    found = finding("222233334444", report_in("a.csv", 2), summary(present=True), report_in("b.csv"), report_in("a.csv", 2))
    result = result_for(found)
    assert [physical(one) for one in result["locations"]] == [("a.csv", 2)]
    assert [physical(one) for one in result["relatedLocations"]] == [("b.csv", 1)]


def test_the_logical_location_is_the_root_user() -> None:
    names = {
        result["properties"]["accountId"]: result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
        for result in results_of(EVERY_KIND)
    }
    assert names["111122223333"] == "arn:aws:iam::111122223333:root"
    assert names["777788889999"] == "arn:aws-us-gov:iam::777788889999:root"
    assert names["888899990000"] == "arn:aws-cn:iam::888899990000:root"


@pytest.mark.parametrize("name", EXAMPLES)
def test_execution_was_successful_only_where_nothing_is_missing(name: str) -> None:
    audit = EXAMPLES[name]
    (invocation,) = run_of(audit)["invocations"]
    is_complete = audit.scope.complete and bool(audit.findings) and not audit.rejected_inputs
    assert invocation["executionSuccessful"] is is_complete
    levels = {one["level"] for one in invocation.get("toolExecutionNotifications", [])}
    assert ("error" in levels) is not is_complete


def test_left_out_evidence_is_a_notification_that_fails_nothing() -> None:
    (invocation,) = run_of(EXAMPLES["left-out"])["invocations"]
    told = [(one["level"], one["descriptor"]["id"]) for one in invocation["toolExecutionNotifications"]]
    assert told == [("warning", "evidence_left_out"), ("note", "evidence_left_out")]
    assert "777788889999" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_what_is_missing_is_told() -> None:
    def told(audit: Run) -> list[tuple[str, str]]:
        (invocation,) = run_of(audit)["invocations"]
        assert {one["level"] for one in invocation["toolExecutionNotifications"]} == {"error"}
        return [(one["descriptor"]["id"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]]

    scope = Scope(ScopeKind.ORGANIZATION, complete=False, incomplete_because="AWS throttled {0} \x1b[31m")
    missing = "The accounts in scope could not all be listed, so that accounts are missing here"
    assert told(INCOMPLETE) == [("scope_incomplete", f"{missing}.")]
    assert told(replace(INCOMPLETE, scope=scope)) == [
        ("scope_incomplete", f"{missing}: AWS throttled {{{{0}}}} \\x1b[31m."),
    ]
    assert told(EMPTY_RUN) == [("no_account", "The audit covers no account, so that it proves nothing.")]
    assert [code for code, _ in told(EVERY_KIND)] == ["input_rejected", "input_rejected"]


def test_a_refused_input_is_told_with_its_place() -> None:
    rejected = (RejectedInput("my cut.csv", 4, "cut off"), RejectedInput("notes.txt", None, "no"), RejectedInput("-", 1, "no"))
    (invocation,) = run_of(replace(EVERY_KIND, rejected_inputs=rejected))["invocations"]
    cut, notes, standard_input = invocation["toolExecutionNotifications"]
    assert [physical(one) for one in cut["locations"]] == [("my%20cut.csv", 4)]
    assert [physical(one) for one in notes["locations"]] == [("notes.txt", 1)]
    assert "locations" not in standard_input
    assert cut["message"]["text"] == "my cut.csv:4 was refused: cut off."


def test_every_reference_of_the_control_is_a_taxonomy_to_which_the_rule_is_related() -> None:
    one = run_of(ORGANIZATION)
    told = {(each["name"], each["version"]): [taxon["id"] for taxon in each["taxa"]] for each in one["taxonomies"]}
    assert told == {(each.framework, each.version): each.requirement.split(", ") for each in ROOT_ACCESS_KEY.references}
    (the_rule,) = one["tool"]["driver"]["rules"]
    related = Counter[str]()
    for target in (relationship["target"] for relationship in the_rule["relationships"]):
        taxonomy = one["taxonomies"][target["toolComponent"]["index"]]
        assert taxonomy["name"] == target["toolComponent"]["name"]
        assert taxonomy["taxa"][target["index"]]["id"] == target["id"]
        related[f"{taxonomy['name']} {taxonomy['version']}"] += 1
    assert sum(related.values()) == sum(len(numbers) for numbers in told.values())


def test_the_reference_that_was_asked_for_is_the_one_that_is_shown() -> None:
    reference = find_reference("CIS AWS Foundations 7.0")
    assert reference is not None
    one = run_of(EXCEPTED, replace(OPTIONS[0], presentation=Presentation(reference)))
    (the_rule,) = one["tool"]["driver"]["rules"]
    assert "CIS AWS Foundations 7.0.0, 2.4" in the_rule["shortDescription"]["text"]
    assert "CIS AWS Foundations 7.0.0" in the_rule["properties"]["tags"]
    assert all("CIS AWS Foundations 7.0.0, 2.4" in result["message"]["text"] for result in one["results"])


def test_the_rule_has_what_code_scanning_reads() -> None:
    (the_rule,) = run_of(EVERY_KIND)["tool"]["driver"]["rules"]
    assert (the_rule["id"], the_rule["name"]) == ("root-access-key", "RootAccessKey")
    assert len(the_rule["shortDescription"]["text"]) <= 1024
    assert len(the_rule["fullDescription"]["text"]) <= 1024
    assert float(the_rule["properties"]["security-severity"]) > 9.0
    assert the_rule["properties"]["precision"] == "very-high"
    assert "security" in the_rule["properties"]["tags"]
    for text in (ROOT_ACCESS_KEY.rationale, ROOT_ACCESS_KEY.audit_by_report, ROOT_ACCESS_KEY.remediation):
        assert text in the_rule["help"]["text"]
        assert text.replace("<", "\\<") in the_rule["help"]["markdown"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_summary_counts_what_is_there(name: str) -> None:
    properties = run_of(EXAMPLES[name])["properties"]
    counts = Counter(result["properties"]["verdict"] for result in results_of(EXAMPLES[name]))
    assert properties["summary"]["accounts"] == counts.total()
    assert properties["summary"]["nonCompliant"] == counts["NON_COMPLIANT"]
    assert properties["summary"]["insufficientData"] == counts["INSUFFICIENT_DATA"]
    assert properties["scope"]["complete"] is EXAMPLES[name].scope.complete


def test_properties_tell_what_the_audit_knows() -> None:
    (payments,) = (one for one in results_of(ORGANIZATION) if one["properties"]["accountId"] == "222233334444")
    assert payments["properties"]["keys"] == [
        {"status": "ACTIVE", "id": "AKIAQNZGKIQY56JQ7WMM"},
        {"status": "INACTIVE", "id": "AKIAQNZGKIQY56JQ7WMN"},
    ]
    assert payments["properties"]["reasons"] == ["active_root_key"]
    assert payments["properties"]["procedures"] == {"accountSummary": "FAIL", "credentialReport": "UNKNOWN"}
    assert payments["properties"]["asOf"] == "2026-11-24T12:00:00Z"
    assert payments["properties"]["severity"] == "CRITICAL"
    assert "isManagementAccount" not in payments["properties"]
    found = finding("111122223333", summary(present=True))
    management = replace(found, account=replace(found.account, is_management_account=True))
    assert result_for(management)["properties"]["isManagementAccount"] is True


def test_an_audit_of_an_organization_is_a_category_of_its_own() -> None:
    assert run_of(ORGANIZATION)["automationDetails"]["id"] == "rootsweep/o-a1b2c3d4e5/2026-11-24T12:00:00Z"
    assert run_of(EVERY_KIND)["automationDetails"]["id"] == "rootsweep/files/2026-11-24T12:00:00Z"


def test_times_are_utc_with_a_z() -> None:
    (invocation,) = run_of(EVERY_KIND)["invocations"]
    assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == ("2026-11-24T11:59:58Z", "2026-11-24T12:00:00Z")


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0.dev1"])
def test_only_a_semantic_version_is_called_one(version: str) -> None:
    driver = run_of(replace(EVERY_KIND, tool_version=version))["tool"]["driver"]
    assert driver["version"] == version
    assert driver.get("semanticVersion") == (version if version == "0.1.0" else None)


def test_a_name_is_told_verbatim_and_can_act_on_nothing() -> None:
    names = {one["properties"]["accountId"]: one for one in results_of(NAMES)}
    for found in NAMES.findings:
        result = names[found.account.id]
        assert result["properties"]["name"] == found.account.name
        assert not set(result["message"]["text"]) & {"\x1b", "\r", "\n", "\u202e"}
    assert shown("sarif", NAMES).isascii()


def test_a_name_is_no_placeholder_and_no_link_in_a_message() -> None:
    hostile = finding("222233334444", report_in("a.csv"), name='{0} [here](https://example.com) "results": []')
    text = result_for(hostile)["message"]["text"]
    assert text.startswith('222233334444 ({{0}} [here] (https://example.com) "results": []) is NON_COMPLIANT: ')
    assert len(results_of(run(hostile, finding("111122223333", summary(present=False))))) == 2


def test_a_policy_is_told_verbatim_in_the_properties() -> None:
    (one, *_) = (one for one in results_of(UNREAD_ACCOUNTS) if '{"aws:AssumedRoot"' in one["properties"].get("nextStep", ""))
    assert '{{"aws:AssumedRoot"' in one["message"]["text"]


def test_a_run_without_alerts_has_an_empty_list_of_results() -> None:
    clean = run(finding("111122223333", Observed(CredentialReport(GENERATED, (EMPTY, EMPTY_2)), Origin(Access.FILES))))
    assert run_of(clean)["results"] == []
    assert len(others_of(clean)) == 1
    assert run_of(EMPTY_RUN)["results"] == []
