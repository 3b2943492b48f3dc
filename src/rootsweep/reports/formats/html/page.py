"""``--format html``: writes the page, account after account, so that its text is never held as a whole.

Every value of a run passes ``printable`` and is escaped by the templates' engine, whatever a template does with it; nothing but
the style and the script of this package is taken for markup.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final, TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rootsweep.core.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import KeyStatus
from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import Run
from rootsweep.reports.formats.html.accounts import ROWS_A_BODY, filters_of, found_keys_of, rows_of, to_do_of
from rootsweep.reports.formats.html.charts import key_pictures, trend_of, verdict_parts
from rootsweep.reports.formats.html.records import quiet_record, quiet_records_of, records_of
from rootsweep.reports.formats.html.text import SOURCES, to_the_second, with_code
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import counted, headline, left_out_note, printable, warnings_of, worst_first

_PACKAGE: Final = "rootsweep.reports.formats.html"
_PIECES_A_WRITE: Final = 2000


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the page; a reader needs nothing but a browser, and no network."""
    template = _environment().get_template("page.html.jinja")
    pieces = template.stream(_values(run, options))
    pieces.enable_buffering(_PIECES_A_WRITE)
    stream.writelines(pieces)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.filters |= {"counted": counted, "with_code": with_code, "quiet_record": quiet_record}
    return environment


def _finalize(value: object) -> object:
    return printable(value) if type(value) is str else value


def _values(run: Run, options: RenderOptions) -> dict[str, Any]:
    style, script = _text("report.css"), _text("report.js")
    findings = worst_first(run.findings)
    to_do = to_do_of(findings, run.coverage_gaps)
    unit_names = {unit.id: unit.name for unit in run.units}
    return {
        "policy": policy(style, script),
        "style": Markup(style),  # noqa: S704  a file of this package
        "script": Markup(script),  # noqa: S704  a file of this package
        "front": front_of(run, options.presentation.reference),
        "parts": verdict_parts(run),
        "accounts": len(run.findings),
        "pictures": key_pictures(run),
        "trend": trend_of(run, options.presentation.earlier_runs),
        "found_keys": found_keys_of(findings, run.finished_at),
        "to_do": to_do,
        "rejected_inputs": run.rejected_inputs,
        "left_out": run.left_out,
        "left_out_note": left_out_note(run),
        "sources": SOURCES,
        "filters": filters_of(findings),
        "rows": rows_of(findings),
        "rows_a_body": ROWS_A_BODY,
        "control": ROOT_ACCESS_KEY,
        "reference": options.presentation.reference,
        "records": records_of(findings, run.finished_at, to_do.by_account, unit_names),
        "quiet_groups": quiet_records_of(findings, unit_names),
    }


def _text(name: str) -> str:
    return (files(_PACKAGE) / name).read_text("utf-8")


# What stands first: the run in one sentence, what it covered, and what a reader must know before trusting it.

_SCOPES: Final = {
    ScopeKind.ACCOUNT: "One account",
    ScopeKind.ORGANIZATION: "Organization",
    ScopeKind.FILES: "Saved evidence",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A statement that must not be missed; ``target`` is the id of the part of the page that tells more, ``link`` its name."""

    title: str
    text: str
    target: str | None = None
    link: str = "What was refused"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the run."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Front:
    """The top of the page: the news in one sentence, then the verdicts in one."""

    headline: str
    verdicts: str
    control: str
    requirement: str
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]


def front_of(run: Run, reference: Reference) -> Front:
    """Return the top of the page; ``reference`` is the framework version that the reader asked for."""
    requirement = f"{reference.framework} {reference.version}, {reference.requirement}"
    return Front(
        bad_news(run), headline(run), ROOT_ACCESS_KEY.title, requirement, _facts(run, requirement), tuple(_notices(run))
    )


def bad_news(run: Run) -> str:
    """Return what a reader must know, the worst of it first."""
    found = [finding for finding in run.findings if finding.verdict is Verdict.NON_COMPLIANT]
    unread = sum(finding.verdict is Verdict.INSUFFICIENT_DATA for finding in run.findings)
    if found:
        return _found(found)
    if not run.findings:
        return "No account was audited"
    if unread:
        return f"No root access key was found, but {counted(unread, 'account')} could not be judged"
    return "No root access key was found" if run.scope.complete else "No root access key was found, but the scope is incomplete"


def _found(findings: Sequence[Finding]) -> str:
    statuses = [{row.status for row in finding.keys} for finding in findings]
    active = sum(KeyStatus.ACTIVE in some for some in statuses)
    inactive = sum(some == {KeyStatus.INACTIVE} for some in statuses)
    if len(findings) == 1:
        return f"1 account has {'an active' if active else 'an inactive' if inactive else 'a'} root access key"
    text = f"{len(findings):,} accounts have a root access key"
    if active == len(findings):
        return f"{text}, all of them active"
    if active:
        return f"{text}, {active:,} of them active"
    return f"{text}, none of them active" if inactive == len(findings) else text


def _facts(run: Run, requirement: str) -> tuple[Fact, ...]:
    summary = run.summary()
    applicable = counted(summary.accounts, "account")
    if summary.not_applicable:
        applicable += f", {summary.not_applicable:,} of them not applicable"
    return (
        Fact("Scope", _scope(run.scope)),
        Fact("Accounts", applicable),
        Fact("Audit began", to_the_second(run.started_at)),
        Fact("Audit ended", to_the_second(run.finished_at)),
        Fact("Requirement", requirement),
        Fact("Control", ROOT_ACCESS_KEY.id),
        Fact("Tool", f"rootsweep {run.tool_version}"),
    )


def _scope(scope: Scope) -> str:
    parts = [" ".join(part for part in (_SCOPES[scope.kind], scope.organization_id) if part)]
    if scope.partition:
        parts.append(f"partition {scope.partition}")
    if not scope.complete:
        parts.append("incomplete")
    return ", ".join(parts)


def _notices(run: Run) -> list[Notice]:
    notices = [Notice("Warning", one.message, "left-out", "What was left out") for one in warnings_of(run)]
    if not run.scope.complete:
        reason = f" {_sentence(run.scope.incomplete_because)}" if run.scope.incomplete_because else ""
        text = f"Accounts may be missing from this report: those in scope could not all be listed.{reason}"
        notices.append(Notice("The scope is incomplete", text))
    if not run.findings:
        notices.append(Notice("No account was audited", "This report proves nothing: no account is in it."))
    if run.rejected_inputs:
        title = f"{counted(len(run.rejected_inputs), 'input')} refused"
        text = (
            "What was refused is not evidence, and no account is judged by it. What it was meant to tell may be missing here."
        )
        notices.append(Notice(title, text, "refused-inputs"))
    allowed = sum(finding.verdict is Verdict.COMPLIANT and bool(finding.keys) for finding in run.findings)
    if allowed:
        title = f"Inactive keys are allowed in {counted(allowed, 'account')}"
        text = (
            "This audit was run with --inactive-keys allow: accounts whose only root access keys are inactive count as "
            "proven, as the credential report procedure has it. The account summary procedure fails them."
        )
        notices.append(Notice(title, text))
    return notices


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")


# What a browser may do with the page: show it, and nothing else.
#
# The policy allows the page's own style and script by the hash of their text, and nothing from anywhere else, so that no name
# in a run can be more than text, even if it were not escaped (Content Security Policy Level 3, W3C).


def policy(style: str, script: str) -> str:
    """Return the policy of a page whose ``<style>`` and ``<script>`` hold exactly these texts."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_source(style)}",
            f"script-src {_source(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
