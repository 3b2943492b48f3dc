"""JUnit XML: valid by the schema of Jenkins's xUnit plugin, a test case for every account, and never green by mistake."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
import xmlschema
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import ROOT_ACCESS_KEY, find_reference
from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import RejectedInput, Run
from rootsweep.reports.registry import Presentation, RenderOptions
from tests.reports.example_runs import (
    EMPTY_RUN,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    INCOMPLETE,
    NAMES,
    ORGANIZATION,
    UNREAD_ACCOUNTS,
    finding,
    run,
    summary,
)
from tests.reports.shown import OPTIONS, TextFile, shown

SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[2] / "schemas" / "junit" / "junit-10.xsd")
OUTCOMES = {
    Verdict.COMPLIANT: None,
    Verdict.NON_COMPLIANT: "failure",
    Verdict.INSUFFICIENT_DATA: "error",
    Verdict.NOT_APPLICABLE: "skipped",
}
FORBIDDEN = [*map(chr, range(32)), "\x7f", "\ud800", "\ufffe", "\uffff", "]]>", "<!--", "&amp;", "\u2028"]


class XmlFile(TextFile):
    """A golden XML file."""

    file_extension = "xml"


def suite_of(audit: Run, options: RenderOptions = OPTIONS[0]) -> Element:
    (suite,) = fromstring(shown("junit", audit, options))  # noqa: S314  our own output
    return suite


def cases_of(audit: Run) -> dict[str, Element]:
    """Give the test cases of accounts by account id."""
    others = {"root-access-key.audit", "root-access-key.left-out"}
    cases = [case for case in suite_of(audit).iter("testcase") if case.get("classname") not in others]
    found = {str(case.get("name")).partition(" ")[0]: case for case in cases}
    assert len(found) == len(cases)
    return found


def audit_cases_of(audit: Run) -> list[Element]:
    return [case for case in suite_of(audit).iter("testcase") if case.get("classname") == "root-access-key.audit"]


def outcome_of(case: Element) -> Element | None:
    found = [child for child in case if child.tag in {"failure", "error", "skipped"}]
    assert len(found) <= 1
    return found[0] if found else None


def text_for(found: Finding) -> str:
    (case,) = cases_of(run(found)).values()
    return "".join(case.itertext())


@pytest.mark.parametrize("name", ["every-kind", "excepted", "empty", "organization"])
def test_junit(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("junit", EXAMPLES[name]) == snapshot(extension_class=XmlFile)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_satisfies_the_official_schema(name: str) -> None:
    SCHEMA.validate(shown("junit", EXAMPLES[name]))


def test_the_official_schema_refuses_what_is_wrong() -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate(shown("junit", EVERY_KIND).replace("<skipped", "<passed").replace("</skipped", "</passed"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_account_has_one_test_case_that_ends_as_its_verdict_says(name: str) -> None:
    cases = cases_of(EXAMPLES[name])
    assert len(cases) == len(EXAMPLES[name].findings)
    for found in EXAMPLES[name].findings:
        outcome = outcome_of(cases[found.account.id])
        expected = "skipped" if found.exception else OUTCOMES[found.verdict]
        assert (outcome.tag if outcome is not None else None) == expected
        assert found.verdict in "".join(cases[found.account.id].itertext())


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_counts_are_those_of_the_test_cases(name: str) -> None:
    suites = fromstring(shown("junit", EXAMPLES[name]))  # noqa: S314  our own output
    (suite,) = suites
    counts = Counter(child.tag for case in suite.iter("testcase") for child in case)
    told = {"tests": len(suite.findall("testcase")), "failures": counts["failure"], "errors": counts["error"]}
    assert {name: int(suite.get(name, "")) for name in [*told, "skipped"]} == {**told, "skipped": counts["skipped"]}
    assert {name: int(suites.get(name, "")) for name in told} == told


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_run_from_which_something_is_missing_is_never_green(name: str) -> None:
    audit = EXAMPLES[name]
    is_complete = audit.scope.complete and bool(audit.findings) and not audit.rejected_inputs
    cases = audit_cases_of(audit)
    assert bool(cases) is not is_complete
    assert {child.tag for case in cases for child in case} <= {"error"}


def test_left_out_evidence_is_skipped_and_a_warning_of_the_suite() -> None:
    suite = suite_of(EXAMPLES["left-out"])
    skipped = [case for case in suite.iter("testcase") if case.get("classname") == "root-access-key.left-out"]
    assert [getattr(outcome_of(case), "tag", None) for case in skipped] == ["skipped", "skipped"]
    assert suite.get("skipped") == "2"
    (warning,) = [one for one in suite.iter("property") if one.get("name") == "warning"]
    assert "777788889999" in str(warning.get("value"))


def test_what_is_missing_is_told() -> None:
    def told(audit: Run) -> list[tuple[str | None, str | None, str | None]]:
        errors = [(case.get("name"), outcome_of(case)) for case in audit_cases_of(audit)]
        return [(name, error.get("type"), error.get("message")) for name, error in errors if error is not None]

    scope = Scope(ScopeKind.ORGANIZATION, complete=False, incomplete_because="AWS throttled \x1b[31m")
    missing = "The accounts in scope could not all be listed, so that accounts are missing here"
    name = "the audit covers its whole scope"
    assert told(INCOMPLETE) == [(name, "scope_incomplete", f"{missing}.")]
    assert told(replace(INCOMPLETE, scope=scope)) == [(name, "scope_incomplete", f"{missing}: AWS throttled \\x1b[31m.")]
    nothing = "The audit covers no account, so that it proves nothing."
    assert told(EMPTY_RUN) == [("the audit covers an account", "no_account", nothing)]
    assert told(EVERY_KIND) == [
        ("notes.txt", "input_rejected", "notes.txt was refused: this is not evidence; give a report."),
        ("cut.csv:4", "input_rejected", "cut.csv:4 was refused: cut off."),
    ]


def test_a_failure_tells_keys_reasons_and_the_next_step() -> None:
    case = cases_of(ORGANIZATION)["222233334444"]
    failure = outcome_of(case)
    assert failure is not None
    assert failure.get("type") == "active_root_key"
    assert str(failure.get("message")).startswith("NON_COMPLIANT: The root user of account 222233334444 has an active")
    text = str(failure.text)
    assert text.startswith("NON_COMPLIANT CRITICAL\nactive_root_key: ")
    assert "key: AKIAQNZGKIQY56JQ7WMM: ACTIVE, " in text
    assert "key: AKIAQNZGKIQY56JQ7WMN: INACTIVE, " in text
    assert "audits: credential report UNKNOWN, account summary FAIL" in text
    assert "as of: 2026-11-24 12:00 UTC" in text
    assert "\nnext step: " in text


def test_an_account_that_could_not_be_read_tells_why() -> None:
    case = cases_of(UNREAD_ACCOUNTS)["400000000000"]
    error = outcome_of(case)
    assert error is not None
    assert error.get("type") == "role_not_assumable"
    assert "create the role arn:aws:iam::400000000000:role/RootAudit" in str(error.text)


def test_an_excepted_account_is_skipped_and_says_that_it_is_non_compliant() -> None:
    skipped = outcome_of(cases_of(EXCEPTED)["222233334444"])
    assert skipped is not None
    granted = "excepted by ana.souza@example.com until 2027-03-24 12:00 UTC (SEC-1204): The appliance knows no roles."
    assert skipped.get("message") == f"NON_COMPLIANT, {granted}"
    assert str(skipped.text).startswith(f"NON_COMPLIANT CRITICAL\n{granted}\nactive_root_key: ")


def test_a_test_case_has_a_name_that_stays() -> None:
    cases = cases_of(EVERY_KIND)
    assert (cases["222233334444"].get("classname"), cases["222233334444"].get("name")) == (
        "root-access-key.aws",
        "222233334444 active",
    )
    assert cases["777788889999"].get("classname") == "root-access-key.aws-us-gov"
    (nameless,) = cases_of(run(finding("111122223333", summary(present=True)))).values()
    assert nameless.get("name") == "111122223333"


def test_every_reference_of_the_control_is_a_property() -> None:
    properties = {one.get("name"): one.get("value") for one in suite_of(ORGANIZATION).iter("property")}
    for one in ROOT_ACCESS_KEY.references:
        assert properties[f"{one.framework} {one.version}"] == one.requirement
    assert properties["scope"] == "o-a1b2c3d4e5"
    assert properties["scope complete"] == "true"
    assert properties["rootsweep version"] == "0.1.0"


def test_the_reference_that_was_asked_for_is_the_one_that_is_shown() -> None:
    reference = find_reference("CIS AWS Foundations 7.0")
    assert reference is not None
    suite = suite_of(EXCEPTED, replace(OPTIONS[0], presentation=Presentation(reference)))
    assert suite.get("name") == "Ensure no 'root' user account access key exists (CIS AWS Foundations 7.0.0, 2.4)"


def test_times_have_no_zone_and_are_utc() -> None:
    suite = suite_of(EVERY_KIND)
    assert (suite.get("timestamp"), suite.get("time")) == ("2026-11-24T11:59:58", "2.000")


@pytest.mark.parametrize("character", FORBIDDEN, ids=ascii)
def test_no_name_breaks_the_document(character: str) -> None:
    text = f"a{character}b"
    audit = replace(
        run(finding("111122223333", summary(present=True), name=text), rejected=(RejectedInput(text, 1, text),)),
        scope=Scope(ScopeKind.FILES, complete=False, incomplete_because=text),
        tool_version=text,
    )
    SCHEMA.validate(shown("junit", audit))
    assert list(cases_of(audit)) == ["111122223333"]
    assert len(audit_cases_of(audit)) == 2


def test_a_name_is_escaped_where_it_could_act_on_something() -> None:
    names = {id_: str(case.get("name")) for id_, case in cases_of(NAMES).items()}
    assert names["111122220000"] == "111122220000 本番環境アカウント"
    assert names["111122220005"] == "111122220005 \\x1b[31mescape\\x1b[0m\\r\\nline"
    assert names["111122220006"] == "111122220006 right\\u202eto left"
    assert shown("junit", NAMES).isascii()


def test_a_passed_account_tells_by_what_and_as_of_when() -> None:
    text = text_for(finding("111122223333", summary(present=False)))
    assert "COMPLIANT\nno_root_key: " in text
    assert "as of: 2026-11-24 12:00 UTC" in text
