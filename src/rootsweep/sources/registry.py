"""Which sources are read of an account, by the way into it."""

from collections.abc import Mapping

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import Session
from rootsweep.aws.session_account import RootUser
from rootsweep.model.evidence import Access, Evidence, Source
from rootsweep.sources.account_summary import read_account_summary
from rootsweep.sources.credential_report import read_report
from rootsweep.sources.root_access_keys import read_root_access_keys

READ_BY: Mapping[Access, tuple[Source, ...]] = {
    Access.OWN: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY),
    Access.ROLE: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY),
    Access.ROOT: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY, Source.ROOT_ACCESS_KEYS),
    Access.ROOT_SESSION: (Source.ROOT_ACCESS_KEYS, Source.ACCOUNT_SUMMARY),
}
"""The sources that each way reads, in this order; ``caller_identity`` comes with finding out who calls.

A root session for the audit task may read no credential report (AWS managed policy reference, IAMAuditRootUserCredentials).
"""


def read_source(session: Session, access: AccountAccess, root: RootUser, source: Source, patience: Patience) -> Evidence:
    """Read one source of the account of ``root``; ``ValueError`` for one that is not read by itself."""
    match source:
        case Source.CREDENTIAL_REPORT:
            return read_report(session, access, root, patience)
        case Source.ACCOUNT_SUMMARY:
            return read_account_summary(session, access)
        case Source.ROOT_ACCESS_KEYS:
            return read_root_access_keys(session, access, root.account_id)
        case Source.CALLER_IDENTITY:
            raise ValueError(source)
