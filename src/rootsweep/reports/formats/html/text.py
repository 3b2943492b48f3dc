"""The words of the page, and code within them."""

from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

from rootsweep.core.evidence import Access, Source
from rootsweep.core.finding import ProcedureResult, Verdict
from rootsweep.reports.wording import printable

VERDICT_STYLES: Final = {
    Verdict.COMPLIANT: "compliant",
    Verdict.NON_COMPLIANT: "non-compliant",
    Verdict.INSUFFICIENT_DATA: "insufficient-data",
    Verdict.NOT_APPLICABLE: "not-applicable",
}
OUTCOME_STYLES: Final = {
    ProcedureResult.PASS: "compliant",
    ProcedureResult.FAIL: "non-compliant",
    ProcedureResult.UNKNOWN: "insufficient-data",
}
SOURCES: Final = {
    Source.ROOT_ACCESS_KEYS: "Key list",
    Source.ACCOUNT_SUMMARY: "Account summary",
    Source.CREDENTIAL_REPORT: "Credential report",
    Source.CALLER_IDENTITY: "Caller identity",
}
ACCESSES: Final = {
    Access.OWN: "with the account's own credentials",
    Access.ROLE: "through a role",
    Access.ROOT_SESSION: "in a root session",
    Access.ROOT: "as root",
    Access.FILES: "from a saved file",
}


def to_the_minute(time: datetime | None) -> str:
    """Write a time in UTC for a row; "unknown" for None."""
    return "unknown" if time is None else f"{time:%Y-%m-%d %H:%M}"


def to_the_second(time: datetime) -> str:
    """Write a time in UTC as evidence is dated."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


# Text with commands in it: what stands between backticks is shown as code.


def with_code(text: str) -> Markup:
    """Escape the text, and mark what stands between backticks; an odd backtick stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(printable(text))
    shown = [escape(printable(part)) for part in parts]
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(shown))
