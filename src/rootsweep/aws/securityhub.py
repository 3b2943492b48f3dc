"""The one call of AWS Security Hub (Security Hub API reference)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import Response, ask
from rootsweep.aws.explanations import explained
from rootsweep.aws.session import Session

_WORDS: Final = {
    "InvalidAccess": (
        "Security Hub is not enabled in the account and Region",
        "enable AWS Security Hub CSPM there, or choose its Region with --region",
    ),
    "LimitExceeded": ("Security Hub goes on throttling securityhub:BatchImportFindings", "send it again in some minutes"),
}


@dataclass(frozen=True, slots=True)
class FailedFinding:
    """A finding that was not imported: its id, AWS's error code and text."""

    id: str
    code: str
    message: str


def batch_import_findings(
    session: Session, access: AccountAccess, findings: Sequence[dict[str, Any]]
) -> Answer[tuple[FailedFinding, ...]] | Refusal:
    """Import at most 100 findings of the account that calls; give those that failed (BatchImportFindings)."""
    outcome = ask(
        session,
        access,
        "securityhub:BatchImportFindings",
        lambda securityhub: securityhub.batch_import_findings(Findings=list(findings)),
        lambda response: _failed(response, len(findings)),
    )
    return explained(outcome, _WORDS)


def _failed(response: Response, findings: int) -> tuple[FailedFinding, ...]:
    failed = tuple(
        FailedFinding(one["Id"], one["ErrorCode"], one["ErrorMessage"]) for one in response.get("FailedFindings", ())
    )
    if int(response["FailedCount"]) != len(failed) or int(response["SuccessCount"]) + len(failed) != findings:
        raise ValueError("findings are unaccounted for")
    return failed
