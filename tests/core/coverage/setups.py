"""Setups for the tests: every way, in partitions of every kind."""

from rootsweep.core.evidence import Access
from rootsweep.core.policies import Setup

TRUSTED = "111122223333"
PARTITIONS_TRIED = ("aws", "aws-us-gov", "aws-cn", "aws-eusc", "aws-iso-b")

OWN = Setup(Access.OWN)
ROOT_SESSION = Setup(Access.ROOT_SESSION)
ROLE = Setup(Access.ROLE, trusted=TRUSTED)
ODD_ROLE = Setup(Access.ROLE, "aws-us-gov", "@odd+=,.-_name", "012345678901", "x:y/z=1@2,3.4+5-6_7")
