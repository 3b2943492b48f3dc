"""What a file shows: root rows of credential reports, and account summaries, each with the account that is named beside it."""

from dataclasses import dataclass

from rootsweep.core.evidence import AccountSummary
from rootsweep.core.parsing.credential_report import RootRow


@dataclass(frozen=True, slots=True)
class Report:
    """The root row of a credential report; ``named`` is the account that the document names beside it, None where none is."""

    row: RootRow
    named: str | None = None

    @property
    def account_id(self) -> str | None:
        """The account of the ARN, or else the one that is named; None where neither is."""
        return self.row.account_id or self.named

    @property
    def line(self) -> int | None:
        """The line of the row."""
        return self.row.line


@dataclass(frozen=True, slots=True)
class Summary:
    """An account summary; ``fact`` is None where the field is absent, ``line`` None where lines make no sense."""

    fact: AccountSummary | None
    named: str | None = None
    line: int | None = None

    @property
    def account_id(self) -> str | None:
        """The account that is named; None where none is."""
        return self.named
