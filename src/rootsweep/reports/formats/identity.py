"""Identifiers that a later run gives to the same thing again, so that an importing system updates what it has."""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from rootsweep.controls import ROOT_ACCESS_KEY
from rootsweep.model.finding import Finding
from rootsweep.model.run import Run

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:rootsweep")
_DEFAULT_PARTITION: Final = "aws"


def partition_of(finding: Finding, run: Run) -> str:
    """Give the partition of an account; the scope's, and at last ``aws``, where nothing that was read tells it."""
    return finding.account.partition or run.scope.partition or _DEFAULT_PARTITION


def finding_id(finding: Finding, run: Run) -> str:
    """Name a finding by partition, account and control: no time and no key, so that a mended finding keeps its name."""
    return f"rootsweep/{partition_of(finding, run)}/{finding.account.id}/{ROOT_ACCESS_KEY.id}"


def stable_uuid(*parts: str) -> UUID:
    """Give the UUID of version 5 (RFC 9562) that belongs to these parts."""
    return uuid5(_NAMESPACE, "\n".join(parts))
