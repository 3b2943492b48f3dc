"""Centralized root access: what of it is enabled in an organization, by whom it can be enabled, and what came of enabling it.

IAM User Guide, "Centrally manage root access for member accounts". That it is enabled proves nothing about any key.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from rootsweep.core.answer import Problem
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER

_ALL_FEATURES: Final = "ALL"


class Part(StrEnum):
    """The parts of centralized root access, in the order in which AWS lets them be enabled."""

    TRUSTED_ACCESS = "trusted_access"
    ROOT_CREDENTIALS_MANAGEMENT = "root_credentials_management"
    ROOT_SESSIONS = "root_sessions"
    DELEGATED_ADMINISTRATOR = "delegated_administrator"


@dataclass(frozen=True, slots=True)
class OrganizationSeen:
    """The caller's organization; ``feature_set`` is AWS's word (``ALL``, ``CONSOLIDATED_BILLING``), None where it gave none."""

    id: str
    management_account_id: str
    feature_set: str | None


@dataclass(frozen=True, slots=True)
class CentralAccess:
    """What was seen of centralized root access; ``delegated_administrators`` are the ids of those for IAM."""

    checked_at: datetime
    partition: str
    caller_account_id: str
    caller_arn: str
    organization: OrganizationSeen | Problem
    trusted_access: bool | Problem
    root_credentials_management: bool | Problem
    root_sessions: bool | Problem
    delegated_administrators: tuple[str, ...] | Problem

    @property
    def may_enable(self) -> bool | None:
        """Whether the caller is in the management account, which alone may enable anything; None where AWS does not tell."""
        if isinstance(self.organization, Problem):
            return None
        return self.caller_account_id == self.organization.management_account_id

    @property
    def is_usable(self) -> bool | None:
        """Whether root credentials management can be used; None where AWS does not tell."""
        if remark_on(self.partition) is not None or self.lacks_all_features:
            return False
        needed = (self.trusted_access, self.root_credentials_management)
        if any(one is False for one in needed):
            return False
        return None if any(isinstance(one, Problem) for one in needed) else True

    @property
    def lacks_all_features(self) -> bool:
        """Whether the organization is known not to have all features, which centralized root access needs."""
        seen = self.organization
        return isinstance(seen, OrganizationSeen) and seen.feature_set not in {None, _ALL_FEATURES}


def remark_on(partition: str) -> str | None:
    """Return why a partition has no management of root credentials; None where it has, or where that is not known.

    AWS GovCloud (US) User Guide, "AWS Identity and Access Management"; User Guide of Amazon Web Services in China, the same.
    """
    if partition == PARTITION_WITHOUT_ROOT_USER:
        return "AWS in China has no root user, hence nothing to manage centrally"
    if partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        return "AWS GovCloud (US) has no root credentials management: root keys there are read by a role, and removed by root"
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One part to be enabled; ``account_id`` is the member account that is to administer, else the management account."""

    part: Part
    account_id: str
