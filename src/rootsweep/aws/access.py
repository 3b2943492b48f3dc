"""The way into one account."""

from dataclasses import dataclass

from rootsweep.aws.credentials import SessionCredentials
from rootsweep.model.evidence import Access


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """How calls reach one account: ``credentials`` None are the caller's own, ``region`` is of the account's partition."""

    access: Access
    region: str
    credentials: SessionCredentials | None = None
