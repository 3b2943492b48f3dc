"""Which sources are read of an account, by the way into it."""

from collections.abc import Callable, Mapping

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import Session
from rootsweep.model.evidence import Access, Evidence, Source
from rootsweep.sources.account_summary import read_account_summary
from rootsweep.sources.credential_report import read_report
from rootsweep.sources.root_access_keys import read_root_access_keys

Reading = Callable[[], Evidence]
"""Reads one source of one account once; may be called again, from any thread."""

READ_BY: Mapping[Access, tuple[Source, ...]] = {
    Access.OWN: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY),
    Access.ROOT: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY, Source.ROOT_ACCESS_KEYS),
}
"""The sources that each way reads; ``caller_identity`` comes with finding out who calls."""


def readings(session: Session, access: AccountAccess, account_id: str, patience: Patience) -> dict[Source, Reading]:
    """Prepare to read an account; nothing is asked yet."""
    ways: dict[Source, Reading] = {
        Source.CREDENTIAL_REPORT: lambda: read_report(session, access, account_id, patience),
        Source.ACCOUNT_SUMMARY: lambda: read_account_summary(session, access),
        Source.ROOT_ACCESS_KEYS: lambda: read_root_access_keys(session, access, account_id),
    }
    return {source: ways[source] for source in READ_BY[access.access]}
