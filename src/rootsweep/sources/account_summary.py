"""Live evidence: the account summary's flag (CIS recommendation 1.4, the command line's audit procedure)."""

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.iam import get_account_summary
from rootsweep.aws.session import Session
from rootsweep.documents.account_summary import FIELD
from rootsweep.model.evidence import AccountSummary, Evidence, Observed, Source, Unavailable, UnavailableReason


def read_account_summary(session: Session, access: AccountAccess) -> Evidence:
    """Ask for the account summary; a map without the flag is no evidence, for absent is not 0."""
    match get_account_summary(session, access):
        case Refusal() as refusal:
            return refusal.as_evidence(Source.ACCOUNT_SUMMARY)
        case Answer(value=AccountSummary() as summary, origin=origin):
            return Observed(summary, origin)
        case Answer(origin=origin):
            advice = f"the answer does not hold {FIELD}: audit by the credential report, or list the keys in a root session"
            return Unavailable(Source.ACCOUNT_SUMMARY, UnavailableReason.FIELD_ABSENT, advice, origin)
