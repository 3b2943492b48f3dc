"""What is to be set up."""

from dataclasses import dataclass
from typing import Final

from rootsweep.errors import UsageError
from rootsweep.model.evidence import Access

DEFAULT_ROLE_NAME: Final = "RootAudit"


@dataclass(frozen=True, slots=True)
class Setup:
    """The way into the accounts, and the names that its documents need.

    ``access`` is ``OWN``, ``ROOT_SESSION`` or ``ROLE``; ``trusted`` is the 12-digit account that audits, ``external_id`` what
    it must tell when it assumes the role.
    """

    access: Access
    partition: str = "aws"
    role_name: str = DEFAULT_ROLE_NAME
    trusted: str | None = None
    external_id: str | None = None

    @property
    def auditing_account(self) -> str:
        """The account that the role trusts; raises ``UsageError`` where none was named."""
        if self.trusted is None:
            raise UsageError("the role has to trust the account that audits", "name it with --trusted ACCOUNT_ID")
        return self.trusted
