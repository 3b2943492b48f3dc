"""Whose a session is, by what STS answered of it and by what GetCallerIdentity tells."""

import pytest

from rootsweep.aws.session_account import Role, RootUser, refusal_of_session
from rootsweep.core.evidence import Access, Origin, UnavailableReason
from tests.key_ids import key_id_of

ACCOUNT, OTHER = "111122223333", "444455556666"
PARTITIONS = ["aws", "aws-us-gov", "aws-cn"]
UNTOLD = ["ASIAIOSFODNN7EXAMPLE", "ASIA", "", "not a key id", key_id_of(ACCOUNT), key_id_of(OTHER, prefix="ASIA")]
"""Of the old generation, no key id at all, a long-term key's, and one that holds another account."""


def assumed_role(account_id: str, partition: str = "aws") -> str:
    return f"arn:{partition}:sts::{account_id}:assumed-role/Audit/rootsweep-audit"


@pytest.mark.parametrize("partition", PARTITIONS)
def test_the_key_id_of_a_session_tells_its_account(partition: str) -> None:
    key_id = key_id_of(ACCOUNT, 7, prefix="ASIA")
    assert RootUser(ACCOUNT, partition).is_confirmed_by(key_id)
    assert Role(ACCOUNT, partition, "Audit").is_confirmed_by(key_id, assumed_role(ACCOUNT, partition))


@pytest.mark.parametrize("key_id", UNTOLD)
def test_a_key_id_that_does_not_tell_the_account_leaves_it_to_the_caller_identity(key_id: str) -> None:
    assert not RootUser(ACCOUNT, "aws").is_confirmed_by(key_id)
    assert not Role(ACCOUNT, "aws", "Audit").is_confirmed_by(key_id, assumed_role(ACCOUNT))


@pytest.mark.parametrize(
    "arn",
    [
        assumed_role(OTHER),
        assumed_role(ACCOUNT, "aws-cn"),
        assumed_role(ACCOUNT + "4"),
        f"arn:aws:iam::{ACCOUNT}:role/Audit",
        "None",
        "",
    ],
)
def test_a_role_session_needs_its_arn_too(arn: str) -> None:
    assert not Role(ACCOUNT, "aws", "Audit").is_confirmed_by(key_id_of(ACCOUNT, prefix="ASIA"), arn)


@pytest.mark.parametrize("partition", PARTITIONS)
def test_the_caller_identity_decides(partition: str) -> None:
    root, role = RootUser(ACCOUNT, partition), Role(ACCOUNT, partition, "Audit")
    assert root.is_caller(ACCOUNT, f"arn:{partition}:iam::{ACCOUNT}:root")
    assert role.is_caller(ACCOUNT, assumed_role(ACCOUNT, partition))
    for account_id, arn in [
        (OTHER, f"arn:{partition}:iam::{OTHER}:root"),
        (OTHER, f"arn:{partition}:iam::{ACCOUNT}:root"),
        (ACCOUNT, f"arn:{partition}:iam::{OTHER}:root"),
        (ACCOUNT, f"arn:aws-iso:iam::{ACCOUNT}:root"),
        (ACCOUNT, f"arn:{partition}:iam::{ACCOUNT}:user/root"),
        (ACCOUNT, assumed_role(ACCOUNT, partition)),
    ]:
        assert not root.is_caller(account_id, arn)
    for account_id, arn in [
        (OTHER, assumed_role(OTHER, partition)),
        (OTHER, assumed_role(ACCOUNT, partition)),
        (ACCOUNT, assumed_role(ACCOUNT, "aws-iso")),
        (ACCOUNT, "no arn"),
    ]:
        assert not role.is_caller(account_id, arn)


def test_the_refusal_tells_both_accounts() -> None:
    origin = Origin(Access.OWN, api_call="sts:AssumeRoot", request_id="one")
    refusal = refusal_of_session(f"arn:aws:iam::{OTHER}:root", ACCOUNT, origin)
    assert (refusal.reason, refusal.origin) == (UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT, origin)
    assert refusal.problem == f"sts:AssumeRoot for account {ACCOUNT} returned a session of arn:aws:iam::{OTHER}:root"


def test_a_role_keeps_its_path() -> None:
    assert Role(ACCOUNT, "aws-cn", "audit/deep/Audit").arn == f"arn:aws-cn:iam::{ACCOUNT}:role/audit/deep/Audit"
