"""What stands first: the run in one sentence, what it covered, and what a reader must know before trusting it."""

from dataclasses import dataclass
from typing import Final

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.model.finding import Verdict
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import Run
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.html_page.words import to_the_second
from rootsweep.reports.headline import headline
from rootsweep.reports.left_out import warnings_of

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
    """The top of the page."""

    headline: str
    control: str
    requirement: str
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]


def front_of(run: Run, reference: Reference) -> Front:
    """Give the top of the page; ``reference`` is the framework version that the reader asked for."""
    requirement = f"{reference.framework} {reference.version}, {reference.requirement}"
    return Front(headline(run), ROOT_ACCESS_KEY.title, requirement, _facts(run, requirement), tuple(_notices(run)))


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
        because = f" {_sentence(run.scope.incomplete_because)}" if run.scope.incomplete_because else ""
        text = f"Accounts may be missing from this report: those in scope could not all be listed.{because}"
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
