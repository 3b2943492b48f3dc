"""``--format sarif``: SARIF 2.1.0 (OASIS Standard, 27 March 2020), with a result for every account.

Code scanning raises an alert for each of a run's ``results``, whatever its kind. The results of accounts that are no cause for
one, ``pass`` and ``notApplicable``, therefore stand in ``inlineExternalProperties``: the standard has them taken for further
results of the run (section 3.15.2), and GitHub does not read them.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import zip_longest
from posixpath import normpath
from typing import Final, TextIO, assert_never
from urllib.parse import quote

import msgspec

from rootsweep.core.controls import REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.core.finding import Finding, GrantedException, Verdict
from rootsweep.core.organization import Account
from rootsweep.core.run import LeftOut, Run
from rootsweep.core.times import to_the_minute
from rootsweep.reports.contracts.audit_v1 import indented, write_array
from rootsweep.reports.formats.sarif import types
from rootsweep.reports.formats.sarif.types import (
    ArtifactLocation,
    ComponentReference,
    Configuration,
    DescriptorReference,
    Fingerprints,
    KeyProperties,
    Kind,
    Location,
    LogicalLocation,
    Message,
    MultiformatText,
    PhysicalLocation,
    ProceduresProperties,
    Region,
    Relationship,
    Result,
    ResultProperties,
    Rule,
    RuleProperties,
    Suppression,
    SuppressionProperties,
    Taxon,
    Taxonomy,
    UriBase,
)
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import Incompleteness, describe_left_out, headline, incompleteness, printable, warnings_of

_NO_RESULTS: Final = '"results": []'
_SEMANTIC_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the log, indented by two, in ASCII."""
    reference = options.presentation.reference
    alerts = [finding for finding in run.findings if is_of_concern(finding)]
    others = [finding for finding in run.findings if not is_of_concern(finding)]
    around = indented(_log(run, reference, len(others))).split(_NO_RESULTS)
    for text, findings in zip_longest(around, [alerts, others][: len(around) - 1]):
        stream.write(text)
        if findings is not None:
            stream.write(_NO_RESULTS.removesuffix("[]"))
            write_array((result_of(one, reference) for one in findings), stream, len(text.rpartition("\n")[2]))
    stream.write("\n")


def _log(run: Run, reference: Reference, others: int) -> types.Log:
    """Return the log with its results left out."""
    return types.Log(
        schema=types.SCHEMA,
        version=types.VERSION,
        runs=[_run(run, reference, others)],
        inline_external_properties=[types.ExternalProperties([])] if others else [],
    )


def _run(run: Run, reference: Reference, others: int) -> types.Run:
    elsewhere = types.ExternalReference(types.ArtifactLocation("sarif:/inlineExternalProperties/0"), others)
    return types.Run(
        tool=types.Tool(_driver(run, reference)),
        automation_details=types.AutomationDetails(_identity(run)),
        invocations=[_invocation(run)],
        original_uri_base_ids=BASES,
        properties=types.RunProperties(
            headline(run),
            msgspec.convert(run.summary(), types.SummaryProperties, from_attributes=True),
            msgspec.convert(run.scope, types.ScopeProperties, from_attributes=True),
            [warning.message for warning in warnings_of(run)],
        ),
        taxonomies=taxonomies(),
        results=[],
        external_property_file_references=types.ExternalReferences([elsewhere]) if others else None,
    )


def _driver(run: Run, reference: Reference) -> types.Driver:
    return types.Driver(
        name="rootsweep",
        full_name=f"rootsweep {run.tool_version}",
        version=run.tool_version,
        rules=[rule(reference)],
        supported_taxonomies=supported_taxonomies(),
        semantic_version=run.tool_version if _SEMANTIC_VERSION.fullmatch(run.tool_version) else None,
    )


def _identity(run: Run) -> str:
    """Name what was audited and when: audits of another organization are a category of their own."""
    what = run.scope.organization_id or run.scope.kind.value
    return f"rootsweep/{what}/{run.finished_at:%Y-%m-%dT%H:%M:%SZ}"


def _invocation(run: Run) -> types.Invocation:
    missing = [_notification(one) for one in incompleteness(run)]
    left_out = [_notification_of_left_out(one) for one in sorted(run.left_out, key=lambda one: not one.shows_key)]
    return types.Invocation(not missing, run.started_at, run.finished_at, [*missing, *left_out])


def _notification_of_left_out(one: LeftOut) -> types.Notification:
    return types.Notification(
        types.DescriptorReference("evidence_left_out"),
        "warning" if one.shows_key else "note",
        message(describe_left_out(one)),
        locations_of_input(one.path, None),
    )


def _notification(one: Incompleteness) -> types.Notification:
    return types.Notification(
        types.DescriptorReference(one.code.value),
        "error",
        message(one.message),
        locations_of_input(one.rejected.path, one.rejected.line) if one.rejected else [],
    )


# The result of an account.

_OF_CONCERN: Final = frozenset({Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA})


def is_of_concern(finding: Finding) -> bool:
    """Return whether an account is to be raised as an alert."""
    return finding.verdict in _OF_CONCERN


def result_of(finding: Finding, reference: Reference) -> Result:
    """Convert a finding; its level is "none" where its kind is not "fail" (section 3.27.10)."""
    kind = _kind(finding.verdict)
    first, *others = locations_of(finding)
    return Result(
        rule_id=ROOT_ACCESS_KEY.id,
        rule_index=0,
        kind=kind,
        level="error" if kind == "fail" else "none",
        message=message(_text(finding, reference)),
        locations=[first],
        partial_fingerprints=_fingerprints(finding),
        properties=_properties(finding),
        related_locations=others,
        suppressions=[_suppression(finding.exception)] if finding.exception else [],
    )


def message(text: str) -> Message:
    """Return a text in which nothing is a placeholder (section 3.11.5) or a link (section 3.11.6)."""
    return Message(printable(text).replace("{", "{{").replace("}", "}}").replace("](", "] ("))


def _kind(verdict: Verdict) -> Kind:
    match verdict:
        case Verdict.COMPLIANT:
            return "pass"
        case Verdict.NON_COMPLIANT:
            return "fail"
        case Verdict.INSUFFICIENT_DATA:
            return "open"
        case Verdict.NOT_APPLICABLE:
            return "notApplicable"
        case _:
            assert_never(verdict)


def _text(finding: Finding, reference: Reference) -> str:
    """Begin with what matters most: where room is short GitHub shows the first sentence alone."""
    account = finding.account
    name = f" ({account.name})" if account.name else ""
    excepted = ", excepted" if finding.exception else ""
    sentences = [f"{account.id}{name} is {finding.verdict.value}{excepted}: {' '.join(one.message for one in finding.reasons)}"]
    if finding.exception:
        sentences.append(_exception_text(finding.exception))
    if finding.next_step:
        sentences.append(f"Next step: {finding.next_step}")
    sentences += [f"Note: {one.message}" for one in finding.warnings]
    return " ".join([*sentences, f"Control: {shown(reference)}."])


def _exception_text(granted: GrantedException) -> str:
    ticket = f", {granted.ticket}" if granted.ticket else ""
    return f"Excepted by {granted.owner} until {to_the_minute(granted.expires_at)}{ticket}: {granted.reason}"


def _fingerprints(finding: Finding) -> Fingerprints:
    """Derive the identity from what never changes: the control, and the root user that it is about."""
    identity = f"{ROOT_ACCESS_KEY.id} {arn_of(finding.account)}"
    return Fingerprints(f"{sha256(identity.encode()).hexdigest()[:16]}:1", identity)


def _suppression(granted: GrantedException) -> Suppression:
    return Suppression(
        kind="external",
        status="accepted",
        justification=granted.reason,
        properties=SuppressionProperties(granted.owner, granted.expires_at, granted.ticket),
    )


def _properties(finding: Finding) -> ResultProperties:
    account = finding.account
    return ResultProperties(
        account_id=account.id,
        verdict=finding.verdict.value,
        reasons=list(finding.reason_codes),
        warnings=list(finding.warning_codes),
        keys=[KeyProperties(row.status.value, row.id, row.slot) for row in finding.keys],
        procedures=ProceduresProperties(finding.procedures.account_summary.value, finding.procedures.credential_report.value),
        name=account.name,
        partition=account.partition,
        state=account.state.value if account.state else None,
        is_management_account=account.is_management_account,
        severity=finding.severity.value if finding.severity else None,
        as_of=finding.as_of,
        next_step=finding.next_step,
    )


# The control as a rule, and the frameworks that have it as taxonomies.

_SECTIONS: Final = (
    ("Rationale", (ROOT_ACCESS_KEY.rationale,)),
    ("Audit", (ROOT_ACCESS_KEY.audit_by_report, ROOT_ACCESS_KEY.audit_by_command, ROOT_ACCESS_KEY.inactive_keys)),
    ("Remediation", (ROOT_ACCESS_KEY.remediation, ROOT_ACCESS_KEY.govcloud)),
)


def shown(reference: Reference) -> str:
    """Name the control as a framework version does: ``CIS AWS Foundations 3.0.0, 1.4``."""
    return f"{reference.framework} {reference.version}, {reference.requirement}"


def rule(reference: Reference) -> Rule:
    """Return the rule, under the number that was asked for."""
    return Rule(
        id=ROOT_ACCESS_KEY.id,
        name="".join(word.capitalize() for word in ROOT_ACCESS_KEY.id.split("-")),
        short_description=Message(f"{ROOT_ACCESS_KEY.title} ({shown(reference)})."),
        full_description=Message(ROOT_ACCESS_KEY.rationale),
        help_uri=REMEDIATION_PAGE,
        help=MultiformatText(_help_text(), _help_markdown()),
        default_configuration=Configuration("error"),
        relationships=list(_relationships()),
        properties=RuleProperties(
            tags=["security", "aws", "iam", "root-user", f"{reference.framework} {reference.version}"],
            precision="very-high",
            problem_severity="error",
            security_severity="9.5",
        ),
    )


def taxonomies() -> list[Taxonomy]:
    """Return every framework version that has the control, with its numbers there."""
    return [
        Taxonomy(
            one.framework,
            one.version,
            Message(f"What {one.framework} {one.version} calls the control; source: {one.source}."),
            [Taxon(number) for number in _numbers(one)],
        )
        for one in ROOT_ACCESS_KEY.references
    ]


def supported_taxonomies() -> list[ComponentReference]:
    """Refer to each of ``taxonomies``."""
    return [ComponentReference(one.framework, index) for index, one in enumerate(ROOT_ACCESS_KEY.references)]


def _relationships() -> Iterator[Relationship]:
    for component, reference in zip(supported_taxonomies(), ROOT_ACCESS_KEY.references, strict=True):
        for index, number in enumerate(_numbers(reference)):
            yield Relationship(DescriptorReference(number, index, component), ["relevant"])


def _numbers(reference: Reference) -> list[str]:
    return reference.requirement.split(", ")


def _help_text() -> str:
    return "\n\n".join("\n".join([f"{heading}:", *paragraphs]) for heading, paragraphs in _SECTIONS)


def _help_markdown() -> str:
    text = "\n\n".join("\n\n".join([f"## {heading}", *paragraphs]) for heading, paragraphs in _SECTIONS)
    return f"{text}\n\n[Delete access keys for the root user]({REMEDIATION_PAGE})".replace("<", "\\<")


# Where a result is: a root user has no line in a file, but code scanning shows nothing that has none.

_BASE: Final = "%SRCROOT%"
BASES: Final = {_BASE: UriBase(Message("The folder in which the audit ran; code scanning takes the root of the repository."))}
"""What relative locations are relative to, by the name that viewers know it by."""
_STANDARD_INPUT: Final = "-"
_DRIVE: Final = re.compile(r"[A-Za-z]:/")
_DEFAULT_PARTITION: Final = "aws"


def arn_of(account: Account) -> str:
    """Name the root user of an account; one of unknown partition is taken to be in ``aws``."""
    return f"arn:{account.partition or _DEFAULT_PARTITION}:iam::{account.id}:root"


def locations_of(finding: Finding) -> list[Location]:
    """Return the files that tell of an account, the first one first; a path that stands for the account where there is none."""
    origins = [piece.origin for piece in finding.evidence]
    places = {(one.path, one.line or 1): None for one in origins if one.path is not None and one.path != _STANDARD_INPUT}
    root_user = LogicalLocation("root", arn_of(finding.account), "resource")
    found = [_in_file(path, line) for path, line in places]
    physical = found or [_in_file(f"accounts/{finding.account.id}", 1)]
    return [Location(physical[0], [root_user]), *map(Location, physical[1:])]


def locations_of_input(path: str, line: int | None) -> list[Location]:
    """Return the place of an input that no account is judged by; none where it came from standard input."""
    return [] if path == _STANDARD_INPUT else [Location(_in_file(path, line or 1))]


def _in_file(path: str, line: int) -> PhysicalLocation:
    return PhysicalLocation(_artifact(path), Region(line))


def _artifact(path: str) -> ArtifactLocation:
    """Spell a path of any operating system as a URI (RFC 3986, RFC 8089).

    A backslash separates on Windows, and hardly ever stands in a name elsewhere.
    """
    spelled = normpath(path.replace("\\", "/"))
    if _DRIVE.match(spelled):
        return ArtifactLocation(f"file:///{spelled[:2]}{quote(spelled[2:])}")
    if spelled.startswith("/"):
        host, _, rest = spelled.removeprefix("//").partition("/") if spelled.startswith("//") else ("", "", spelled[1:])
        return ArtifactLocation(f"file://{quote(host)}/{quote(rest)}")
    return ArtifactLocation(quote(spelled), _BASE)
