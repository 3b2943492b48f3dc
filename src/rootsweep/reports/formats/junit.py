"""``--format junit``: JUnit XML, as Jenkins's xUnit plugin describes it (junit-10.xsd), with a test case for every account.

Its times have no zone and are UTC. A test case has no properties in that schema, so that what else is known of an account
stands in its text, which is also what GitLab shows.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final, TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rootsweep.core.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.core.finding import Finding, GrantedException, Verdict
from rootsweep.core.run import LeftOut, Run
from rootsweep.core.times import to_the_minute
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import (
    Incompleteness,
    IncompletenessCode,
    describe_key,
    describe_left_out,
    headline,
    incompleteness,
    printable,
    warnings_of,
)

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CASES: Final = "<testcase />"
_DEFAULT_PARTITION: Final = "aws"
_OUTCOMES: Final = {
    Verdict.COMPLIANT: None,
    Verdict.NON_COMPLIANT: "failure",
    Verdict.INSUFFICIENT_DATA: "error",
    Verdict.NOT_APPLICABLE: "skipped",
}
_AUDIT_CASES: Final = {
    IncompletenessCode.SCOPE_INCOMPLETE: "the audit covers its whole scope",
    IncompletenessCode.NO_ACCOUNT: "the audit covers an account",
}


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the document in ASCII, test case by test case; a test case that no account has tells what may be missing."""
    before, after = _text(_suites(run, options.presentation.reference)).split(_CASES)
    stream.write(f"{_DECLARATION}{before.rstrip()}")
    stream.writelines(f"\n{_text(case, level=2)}" for case in _cases(run))
    stream.write(f"{after}\n")


def _text(element: Element, level: int = 0) -> str:
    indent(element, level=level)
    return f"{'  ' * level}{tostring(element, encoding='us-ascii').decode('ascii')}"


def _suites(run: Run, reference: Reference) -> Element:
    counts = _counts(run)
    seconds = f"{(run.finished_at - run.started_at).total_seconds():.3f}"
    suites = Element("testsuites", {"name": "rootsweep", "time": seconds, **counts})
    about_suite = {
        "name": f"{ROOT_ACCESS_KEY.title} ({reference.framework} {reference.version}, {reference.requirement})",
        "timestamp": f"{run.started_at:%Y-%m-%dT%H:%M:%S}",
        "time": seconds,
        "skipped": str(sum(_outcome(finding) == "skipped" for finding in run.findings) + len(run.left_out)),
    }
    suite = SubElement(suites, "testsuite", {**about_suite, **counts})
    properties = SubElement(suite, "properties")
    for name, value in _properties(run):
        SubElement(properties, "property", name=name, value=printable(value))
    SubElement(suite, "testcase")
    return suites


def _counts(run: Run) -> dict[str, str]:
    """Count test cases: what may be missing counts as an error each, and what was left out is skipped."""
    outcomes = Counter(_outcome(finding) for finding in run.findings)
    missing = sum(1 for _ in incompleteness(run))
    return {
        "tests": str(len(run.findings) + len(run.left_out) + missing),
        "failures": str(outcomes["failure"]),
        "errors": str(outcomes["error"] + missing),
    }


def _properties(run: Run) -> Iterator[tuple[str, str]]:
    yield "control", ROOT_ACCESS_KEY.id
    for one in ROOT_ACCESS_KEY.references:
        yield f"{one.framework} {one.version}", one.requirement
    yield "rootsweep version", run.tool_version
    yield "scope", run.scope.organization_id or run.scope.kind.value
    yield "scope complete", "true" if run.scope.complete else "false"
    yield "summary", headline(run)
    for warning in warnings_of(run):
        yield "warning", warning.message
    yield "audited until", _time(run)


def _time(run: Run) -> str:
    return f"{run.finished_at:%Y-%m-%dT%H:%M:%SZ}"


def _cases(run: Run) -> Iterator[Element]:
    for one in incompleteness(run):
        yield _case_of_audit(one)
    for left_out in run.left_out:
        yield _case_of_left_out(left_out)
    for finding in run.findings:
        yield _case(finding, run)


def _case_of_audit(one: Incompleteness) -> Element:
    name = one.rejected.place if one.rejected else _AUDIT_CASES[one.code]
    case = Element("testcase", classname=f"{ROOT_ACCESS_KEY.id}.audit", name=printable(name))
    SubElement(case, "error", type=one.code.value, message=printable(one.message)).text = printable(one.message)
    return case


def _case_of_left_out(one: LeftOut) -> Element:
    case = Element("testcase", classname=f"{ROOT_ACCESS_KEY.id}.left-out", name=printable(one.path))
    told = printable(describe_left_out(one))
    SubElement(case, "skipped", type="left_out", message=told).text = told
    return case


def _case(finding: Finding, run: Run) -> Element:
    account = finding.account
    case = Element(
        "testcase",
        classname=f"{ROOT_ACCESS_KEY.id}.{account.partition or _DEFAULT_PARTITION}",
        name=printable(f"{account.id} {account.name or ''}".rstrip()),
    )
    outcome = _outcome(finding)
    if outcome is None:
        SubElement(case, "system-out").text = _lines(finding, run)
        return case
    types = " ".join(finding.reason_codes)
    SubElement(case, outcome, type=types, message=printable(_message(finding))).text = _lines(finding, run)
    return case


def _outcome(finding: Finding) -> str | None:
    """Return how a test case ended; one that is excepted is not failed again in every run, and yet not passed."""
    return "skipped" if finding.exception else _OUTCOMES[finding.verdict]


def _message(finding: Finding) -> str:
    if finding.exception:
        return f"{finding.verdict.value}, {_exception(finding.exception)}"
    return f"{finding.verdict.value}: {' '.join(reason.message for reason in finding.reasons)}"


def _exception(granted: GrantedException) -> str:
    ticket = f" ({granted.ticket})" if granted.ticket else ""
    return f"excepted by {granted.owner} until {to_the_minute(granted.expires_at)}{ticket}: {granted.reason}"


def _lines(finding: Finding, run: Run) -> str:
    severity = f" {finding.severity.value}" if finding.severity else ""
    procedures = finding.procedures
    lines = [
        f"{finding.verdict.value}{severity}",
        *([_exception(finding.exception)] if finding.exception else []),
        *(f"{reason.code}: {reason.message}" for reason in finding.reasons),
        *(f"key: {describe_key(row, run.finished_at)}" for row in finding.keys),
        *(f"warning: {warning.code}: {warning.message}" for warning in finding.warnings),
        f"audits: credential report {procedures.credential_report.value}, account summary {procedures.account_summary.value}",
        f"as of: {to_the_minute(finding.as_of)}",
        *([f"next step: {finding.next_step}"] if finding.next_step else []),
    ]
    return "\n".join(printable(line) for line in lines)
