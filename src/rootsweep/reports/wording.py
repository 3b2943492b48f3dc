"""The words that several formats share: a key, a count, a headline, the order of accounts, what is incomplete."""

import os
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from rootsweep.core.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import LastUse, LastUsed, NoLastUse, Source
from rootsweep.core.finding import Finding, KeyRow, Message, Severity, Verdict
from rootsweep.core.run import CoverageGap, LeftOut, RejectedInput, Run
from rootsweep.core.times import to_the_minute

if TYPE_CHECKING:  # an audit does not wait for the plans
    from rootsweep.core.removal.plan import PlannedKey


def describe_key(row: "KeyRow | PlannedKey", now: datetime) -> str:
    """Tell a key's name, status, least age in days at ``now``, and last use."""
    return f"{name_key(row)}: {row.status.value}, {describe_age(row, now)}, {describe_last_use(row.last_use)}"


def name_key(row: "KeyRow | PlannedKey") -> str:
    """Name a key by its id, else by its slot."""
    if row.id is not None:
        return row.id
    return "an access key of unknown id" if row.slot is None else f"access key {row.slot}"


def describe_age(row: "KeyRow | PlannedKey", now: datetime) -> str:
    """Tell a key's age in days.

    Say "at least": last_rotated is when a key was created or last changed (IAM User Guide, credential reports).
    """
    since = row.created_at or row.last_rotated_at
    if since is None:
        return "of unknown age"
    days = max((now - since).days, 0)
    least = "" if row.created_at else "at least "
    return f"{least}{days:,} {'day' if days == 1 else 'days'} old"


def describe_last_use(last_use: LastUse) -> str:
    """Return when, where and by what a key was last used, or why that is not known."""
    match last_use:
        case LastUsed(at=at, region=region, service=service):
            where = f" in {region}" if region else ""
            what = f" by {service}" if service else ""
            return f"last used {to_the_minute(at)}{where}{what}"
        case NoLastUse.NEVER_RECORDED:
            return "no use recorded since tracking began in April 2015"
        case NoLastUse.UNKNOWN:
            return "last use unknown"


# Text that is safe to show: names and paths come from outside and may hold anything.

_JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width joiners, which several scripts and emoji need to be written rightly."""


def printable(text: str) -> str:
    """Escape what a terminal would act on: control characters, bidirectional overrides, lone surrogates."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _JOINERS else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def shell_word(text: str) -> str:
    """Quote a word of a command to paste; what a terminal would act on stands as octal bytes (Bash Manual, ANSI-C Quoting)."""
    if printable(text) == text:
        return shlex.quote(text)
    quoted = (f"\\{char}" if char in "\\'" else char if char.isprintable() else _octal(char) for char in text)
    return f"$'{''.join(quoted)}'"


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(char))


# A number and what it counts.


def counted(number: int, noun: str) -> str:
    """Write ``1 account`` or ``1,200 accounts``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# A run in one sentence.


def headline(run: Run) -> str:
    """Return how many accounts are proven, and what is the matter with the others."""
    summary = run.summary()
    parts = [f"{summary.proven:,} of {counted(summary.applicable, 'account')} proven"]
    unexcepted = summary.non_compliant - summary.excepted
    if unexcepted:
        parts.append(f"{unexcepted:,} {'is' if unexcepted == 1 else 'are'} non-compliant")
    if summary.excepted:
        parts.append(f"{summary.excepted:,} {'is' if summary.excepted == 1 else 'are'} excepted")
    if summary.insufficient_data:
        parts.append(f"{summary.insufficient_data:,} could not be judged")
    return ", ".join(parts)


# The order in which a reader wants to see accounts.

_ORDER: Final = (Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA, Verdict.NOT_APPLICABLE, Verdict.COMPLIANT)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings: those to act on first, worst first; the others by their reasons; then by account id."""
    return sorted(findings, key=_rank)


def needs_someone(finding: Finding) -> bool:
    """Return whether there is something to do, or a key to know of."""
    return finding.verdict not in {Verdict.COMPLIANT, Verdict.NOT_APPLICABLE} or bool(finding.keys)


def _rank(finding: Finding) -> tuple[int, bool, bool, tuple[str, ...], str]:
    together = () if needs_someone(finding) else finding.reason_codes
    is_milder = finding.severity is not Severity.CRITICAL
    return _ORDER.index(finding.verdict), finding.exception is not None, is_milder, together, finding.account.id


# Next steps that accounts share, each once.


def shared_steps(findings: Iterable[Finding], gaps: Iterable[CoverageGap]) -> dict[str, list[Finding]]:
    """Return the findings by their next step, both in the order in which they come.

    Accounts that stand in the gap are left out: there is reported what to do for them.
    """
    unread = {account_id for group in gaps for account_id in group.accounts}
    by_step: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.next_step and finding.account.id not in unread:
            by_step.setdefault(finding.next_step, []).append(finding)
    return by_step


# Why an audit tells less than was asked of it, for the formats that machines read.


class IncompletenessCode(StrEnum):
    """What is missing: accounts that could not be listed, an input that is not evidence, or any account at all."""

    SCOPE_INCOMPLETE = "scope_incomplete"
    INPUT_REJECTED = "input_rejected"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True, slots=True)
class Incompleteness:
    """One reason, as a sentence; ``rejected`` is the input, None where it is not about one."""

    code: IncompletenessCode
    message: str
    rejected: RejectedInput | None = None


def incompleteness(run: Run) -> Iterator[Incompleteness]:
    """Return every reason why accounts may be missing from a run; none where it covers all that it was asked to cover."""
    if not run.scope.complete:
        reason = f": {run.scope.incomplete_because}" if run.scope.incomplete_because else ""
        message = _sentence(f"The accounts in scope could not all be listed, so that accounts are missing here{reason}")
        yield Incompleteness(IncompletenessCode.SCOPE_INCOMPLETE, message)
    if not run.findings:
        yield Incompleteness(IncompletenessCode.NO_ACCOUNT, "The audit covers no account, so that it proves nothing.")
    for rejected in run.rejected_inputs:
        message = _sentence(f"{rejected.place} was refused: {rejected.reason}")
        yield Incompleteness(IncompletenessCode.INPUT_REJECTED, message, rejected)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


# Saved evidence of accounts that the options exclude, in words that every format shares.
#
# Such an account has no row, so that nobody looks for it. Where its evidence shows a key, every report says so at its head.

LEFT_OUT_SHOWS_KEY: Final = "left_out_evidence_shows_key"
"""The code of the warning."""

_MOST_IDS: Final = 10
_SOURCES: Final = {
    Source.ROOT_ACCESS_KEYS: "key list",
    Source.ACCOUNT_SUMMARY: "account summary",
    Source.CREDENTIAL_REPORT: "credential report",
    Source.CALLER_IDENTITY: "caller identity",
}


def warnings_of(run: Run) -> tuple[Message, ...]:
    """Return what every report says at its head about the run as a whole."""
    warning = left_out_warning(run)
    return () if warning is None else (Message(LEFT_OUT_SHOWS_KEY, warning),)


def left_out_note(run: Run) -> str | None:
    """Return a sentence that counts the accounts whose evidence was left out; None where there is none."""
    accounts = {one.account_id for one in run.left_out}
    if not accounts:
        return None
    files = counted(len({one.path for one in run.left_out}), "file")
    return f"Left out evidence of {counted(len(accounts), 'account')} outside the scope of this audit ({files})."


def left_out_warning(run: Run) -> str | None:
    """Return a sentence that names the accounts whose left-out evidence shows a root access key; None where none does."""
    named = _ids(one for one in run.left_out if one.shows_key)
    if not named:
        return None
    return f"Evidence that was left out shows a root access key of {named}, which this audit does not judge."


def describe_left_out(one: LeftOut) -> str:
    """Return a sentence on one piece: where it is, whose, and whether it shows a key."""
    shows = "shows a root access key" if one.shows_key else "shows no root access key"
    return f"{one.path} was left out: the {_SOURCES[one.source]} of account {one.account_id}, outside the scope, {shows}."


def _ids(pieces: Iterable[LeftOut]) -> str:
    ids = sorted({one.account_id for one in pieces})
    if not ids:
        return ""
    more = f" and {len(ids) - _MOST_IDS:,} more" if len(ids) > _MOST_IDS else ""
    return f"{'account' if len(ids) == 1 else 'accounts'} {', '.join(ids[:_MOST_IDS])}{more}"


# Why an audit tells less than was asked of it, in one text, for formats that show the inputs themselves elsewhere.


def describe_incompleteness(run: Run) -> str:
    """Warn, tell why accounts may be missing, and count the inputs that were refused or left out; empty where none of it is."""
    return " ".join(_sentences(run))


def _sentences(run: Run) -> Iterator[str]:
    for warning in warnings_of(run):
        yield one_line(warning.message)
    for one in incompleteness(run):
        if one.rejected is None:
            yield one_line(one.message)
    if run.rejected_inputs:
        yield f"{counted(len(run.rejected_inputs), 'input')} refused."
    note = left_out_note(run)
    if note is not None:
        yield note


# Text from outside as a standard's string: in one line, printable, no longer than is allowed.

_ELLIPSIS = "\u2026"


def one_line(text: str, limit: int | None = None) -> str:
    """Join lines and runs of blanks by one blank, escape what a terminal would act on, and cut beyond ``limit`` characters."""
    line = printable(" ".join(text.split()))
    if limit is None or len(line) <= limit:
        return line
    return f"{line[: limit - len(_ELLIPSIS)].rstrip()}{_ELLIPSIS}"


# A time as a standard's text.


def utc(time: datetime | None) -> str | None:
    """Return a time as RFC 3339 text in UTC; None where there is none."""
    return time.isoformat().replace("+00:00", "Z") if time else None


# How a standard's fields name the control and what frameworks call it.


def standard_of(reference: Reference) -> str:
    """Name a framework version: ``CIS AWS Foundations 3.0.0``."""
    return f"{reference.framework} {reference.version}"


def requirements_of(reference: Reference) -> tuple[str, ...]:
    """Name each requirement of a framework version by itself: ``PCI DSS 3.2.1/2.1``, ``PCI DSS 3.2.1/2.2``."""
    return tuple(f"{standard_of(reference)}/{one}" for one in reference.requirement.split(", "))


def control_title(reference: Reference) -> str:
    """Return the control's title behind the number by which the framework calls it."""
    return f"{standard_of(reference)}, {reference.requirement}: {ROOT_ACCESS_KEY.title}"


# Identifiers that a later run gives to the same thing again, so that an importing system updates what it has.

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:rootsweep")
_DEFAULT_PARTITION: Final = "aws"


def partition_of(finding: Finding, run: Run) -> str:
    """Return the partition of an account; the scope's, and at last ``aws``, where nothing that was read tells it."""
    return finding.account.partition or run.scope.partition or _DEFAULT_PARTITION


def finding_id(finding: Finding, run: Run) -> str:
    """Name a finding by partition, account and control: no time and no key, so that a fixed finding keeps its name."""
    return f"rootsweep/{partition_of(finding, run)}/{finding.account.id}/{ROOT_ACCESS_KEY.id}"


def stable_uuid(*parts: str) -> UUID:
    """Return the UUID of version 5 (RFC 9562) that belongs to these parts."""
    return uuid5(_NAMESPACE, "\n".join(parts))
