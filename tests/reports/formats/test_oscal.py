"""``--format oscal``: assessment results that satisfy the official schema of OSCAL 1.2.3."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import ROOT_ACCESS_KEY, find_reference
from rootsweep.core.finding import Verdict
from rootsweep.core.judging.verdict import InactiveKeys, JudgingRules
from rootsweep.core.run import RejectedInput, Run
from rootsweep.reports.registry import Presentation
from tests.json_schema import validator
from tests.reports.example_runs import (
    ACTIVE,
    EMPTY,
    EMPTY_2,
    EMPTY_RUN,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    INACTIVE,
    INCOMPLETE,
    NAMES,
    ORGANIZATION,
    excepted,
    finding,
    report,
    run,
)
from tests.reports.formats.long_texts import BLANK, LONG
from tests.reports.shown import OPTIONS, TextFile, shown

SCHEMA_FILE = Path(__file__).parents[2] / "schemas" / "oscal" / "oscal_assessment-results_schema.json"
STATUSES = {
    Verdict.COMPLIANT: ("satisfied", "pass"),
    Verdict.NON_COMPLIANT: ("not-satisfied", "fail"),
    Verdict.INSUFFICIENT_DATA: ("not-satisfied", "other"),
    Verdict.NOT_APPLICABLE: ("not-satisfied", "other"),
}


class JsonFile(TextFile):
    file_extension = "json"


VALIDATOR = validator(SCHEMA_FILE.read_text("utf-8"))


def document(of: Run) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shown("oscal", of))
    return loaded


def result(of: Run) -> dict[str, Any]:
    (only,) = document(of)["assessment-results"]["results"]
    found: dict[str, Any] = only
    return found


def props(of: dict[str, Any], name: str) -> list[str]:
    return [one["value"] for one in of["props"] if one["name"] == name]


def by_account(of: Run, kind: str) -> dict[str, dict[str, Any]]:
    """Give the elements of a kind by account: each holds the account's id in its title, or in its description."""
    ids = [found.account.id for found in of.findings]
    elements = result(of).get(kind, [])
    return {account: one for account in ids for one in elements if account in one.get("title", one["description"])}


@pytest.mark.parametrize("name", ["every-kind", "excepted", "organization", "empty"])
def test_oscal(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("oscal", EXAMPLES[name]) == snapshot(extension_class=JsonFile)


@pytest.mark.parametrize("of", [*EXAMPLES.values(), LONG, BLANK], ids=[*EXAMPLES, "long", "blank"])
def test_every_document_satisfies_the_official_schema(of: Run) -> None:
    text = shown("oscal", of)
    assert [f"{error.instance_path}: {error.message}" for error in VALIDATOR.iter_errors(json.loads(text))] == []
    assert text.isascii()


@pytest.mark.parametrize("wrong", [{"uuid": "1"}, {"import-ap": {}}, {"results": []}, {"verdict": "x"}])
def test_what_the_schema_forbids_is_noticed(wrong: dict[str, Any]) -> None:
    broken = {"assessment-results": {**document(EVERY_KIND)["assessment-results"], **wrong}}
    assert list(VALIDATOR.iter_errors(broken)) != []


def _uuids(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["uuid"]] if "uuid" in value else []
        return own + [uuid for one in value.values() for uuid in _uuids(one)]
    return [uuid for one in value for uuid in _uuids(one)] if isinstance(value, list) else []


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [one for name, one in value.items() if name.endswith("-uuid")]
        return own + [uuid for one in value.values() for uuid in _references(one)]
    return [uuid for one in value for uuid in _references(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("of", [*EXAMPLES.values(), LONG], ids=[*EXAMPLES, "long"])
def test_every_id_is_given_once_and_every_reference_leads_somewhere(of: Run) -> None:
    whole = document(of)
    known = _uuids(whole)
    assert len(known) == len(set(known))
    assert set(_references(whole)) <= set(known)
    assert whole["assessment-results"]["import-ap"]["href"].removeprefix("#") in known


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_every_account_has_an_item_an_observation_and_a_finding(of: Run) -> None:
    ids = {found.account.id for found in of.findings}
    items = result(of)["local-definitions"].get("inventory-items", [])
    assert [props(one, "asset-id") for one in items] == [[found.account.id] for found in of.findings]
    assert set(by_account(of, "observations")) == set(by_account(of, "findings")) == ids
    assert len(result(of)["observations"]) == len(ids) + 1
    assert len(result(of).get("findings", [])) == len(ids)


@pytest.mark.parametrize("of", [EVERY_KIND, ORGANIZATION], ids=["every-kind", "organization"])
def test_nothing_but_a_compliance_is_satisfied(of: Run) -> None:
    shown_findings, risks = by_account(of, "findings"), by_account(of, "risks")
    for found in of.findings:
        one = shown_findings[found.account.id]
        status = one["target"]["status"]
        assert (status["state"], status["reason"]) == STATUSES[found.verdict]
        assert status["remarks"].startswith(found.verdict)
        assert props(one, "verdict") == [found.verdict]
        assert props(one, "reason") == [reason.code for reason in found.reasons]
        assert ("implementation-status" in one["target"]) is (found.verdict is Verdict.NOT_APPLICABLE)
        assert (found.account.id in risks) is (found.verdict is Verdict.NON_COMPLIANT)


def test_an_allowed_inactive_key_is_not_told_as_no_key() -> None:
    found = finding("000033334444", report(EMPTY, INACTIVE), rules=JudgingRules(InactiveKeys.ALLOW))
    (one,) = result(run(found))["findings"]
    assert "every root access key is inactive" in one["target"]["status"]["remarks"]


def test_an_excepted_finding_is_not_satisfied_and_its_risk_is_an_approved_deviation() -> None:
    one = by_account(EXCEPTED, "findings")["222233334444"]
    assert (one["target"]["status"]["state"], props(one, "excepted")) == ("not-satisfied", ["yes"])
    risk = by_account(EXCEPTED, "risks")["222233334444"]
    assert (risk["status"], risk["deadline"]) == ("deviation-approved", "2027-03-24T12:00:00Z")
    (entry,) = risk["risk-log"]["entries"]
    assert entry["description"] == "The appliance knows no roles."
    assert (props(entry, "owner"), props(entry, "ticket")) == (["ana.souza@example.com"], ["SEC-1204"])
    (owner,) = document(EXCEPTED)["assessment-results"]["metadata"]["parties"]
    assert entry["logged-by"] == [{"party-uuid": owner["uuid"]}]
    assert by_account(EVERY_KIND, "risks")["222233334444"]["status"] == "open"


def test_what_belongs_to_an_account_keeps_its_id_and_a_run_has_its_own() -> None:
    later = replace(EVERY_KIND, finished_at=EVERY_KIND.finished_at + timedelta(days=30))
    for kind in ("observations", "risks", "findings"):
        before, after = by_account(EVERY_KIND, kind), by_account(later, kind)
        assert {account: one["uuid"] for account, one in before.items()} == {
            account: one["uuid"] for account, one in after.items()
        }
    assert result(EVERY_KIND)["uuid"] != result(later)["uuid"]


def test_saved_documents_are_examined_and_calls_are_tests() -> None:
    observations = by_account(EVERY_KIND, "observations")
    assert observations["222233334444"]["methods"] == ["EXAMINE"]
    assert observations["666677778888"]["methods"] == ["TEST"]
    assert observations["222233334444"]["collected"] == "2026-11-21T12:00:00Z"
    assert props(observations["444455556666"], "as-of") == ["unknown"]


def test_refused_inputs_and_an_incomplete_scope_are_told() -> None:
    first = result(EVERY_KIND)["observations"][0]
    assert first["relevant-evidence"][1]["description"] == "Refused: cut.csv, line 4: cut off"
    assert result(EVERY_KIND)["remarks"] == "2 inputs refused."
    incomplete = result(INCOMPLETE)
    assert incomplete["remarks"] == "The accounts in scope could not all be listed, so that accounts are missing here."
    assert props(incomplete, "scope-complete") == ["no"]
    assert result(EMPTY_RUN)["remarks"] == "The audit covers no account, so that it proves nothing."
    assert "remarks" not in result(ORGANIZATION)


def test_names_are_shown_in_any_script_and_cannot_act() -> None:
    items = result(NAMES)["local-definitions"]["inventory-items"]
    assert props(items[0], "account-name") == ["本番環境アカウント"]
    assert props(items[5], "account-name") == ["\\x1b[31mescape\\x1b[0m line"]
    assert props(items[-1], "account-name") == []


HOSTILE = "<img src=x> *a* _b_ [c](d) `e` ~f~ ^g^ &amp; \\\\ <script>alert(1)</script>"


def test_texts_from_outside_are_no_markup() -> None:
    found = excepted(finding("222233334444", report(ACTIVE, EMPTY_2), name=HOSTILE), HOSTILE)
    shown_result = result(run(found, rejected=(RejectedInput(HOSTILE, 4, HOSTILE),)))
    texts = [shown_result["findings"][0]["title"], shown_result["risks"][0]["risk-log"]["entries"][0]["description"]]
    texts += [shown_result["observations"][0]["relevant-evidence"][0]["description"]]
    for text in texts:
        (inline,) = [token for token in MarkdownIt("commonmark").parse(text) if token.type == "inline"]
        pieces = inline.children or []
        assert {piece.type for piece in pieces} <= {"text", "text_special"}
        assert HOSTILE in "".join(piece.content for piece in pieces)
    assert props(shown_result["local-definitions"]["inventory-items"][0], "account-name") == [HOSTILE]


def test_a_usual_name_stays_as_it_is() -> None:
    (one,) = result(run(finding("222233334444", report(ACTIVE, EMPTY_2), name="R&D: build_farm-2 (prod)")))["findings"]
    assert one["title"] == "AWS account 222233334444 (R&D: build_farm-2 (prod)): NON_COMPLIANT"


def test_no_text_of_our_own_is_html() -> None:
    prose = document(EVERY_KIND)["assessment-results"]["local-definitions"]["objectives-and-methods"][0]["parts"][2]["prose"]
    assert "&lt;root_account&gt;" in MarkdownIt("commonmark").render(prose)


def test_every_framework_is_told_and_the_title_shows_the_version_that_was_asked_for() -> None:
    reference = find_reference("CIS AWS Foundations 7.0")
    assert reference is not None
    text = shown("oscal", EXCEPTED, replace(OPTIONS[0], presentation=Presentation(reference)))
    (only,) = json.loads(text)["assessment-results"]["results"]
    title = f"CIS AWS Foundations 7.0.0, 2.4: {ROOT_ACCESS_KEY.title}"
    assert {one["target"]["title"] for one in only["findings"]} == {title}
    requirements = props(only["reviewed-controls"], "requirement")
    for known in ROOT_ACCESS_KEY.references:
        for requirement in known.requirement.split(", "):
            assert f"{known.framework} {known.version}/{requirement}" in requirements
