"""What each live source makes of AWS's answers, over real HTTP."""

import time

import pytest

from rootsweep.auditing.sources.live import READ_BY, evidence_of_caller, read_report, read_root_access_keys, read_source
from rootsweep.aws.pacing import Backoff
from rootsweep.aws.session_account import RootUser
from rootsweep.aws.sts import Caller
from rootsweep.core.answer import Answer
from rootsweep.core.evidence import (
    Access,
    CallerIdentity,
    CredentialReport,
    KeyStatus,
    LastUsed,
    NoLastUse,
    Observed,
    Origin,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep_emulator import DenyAccess, Emulator, Rule
from rootsweep_emulator.state.account import AccessKey as EmulatedKey
from rootsweep_emulator.state.account import Eventual
from rootsweep_emulator.state.identifiers import unique_id
from tests.live import access_of, open_emulated, root_session_access

ACCOUNT = "111122223333"
ROOT_USER = RootUser(ACCOUNT, "aws")
BACKOFF = Backoff(5, time.monotonic, time.sleep)
ROOT = Caller(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "aws")
USER = Caller(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/auditor", "aws")


def test_root_keys_come_with_status_age_and_last_use(organization: Emulator, member: str) -> None:
    used = organization.control.create_root_key(member, age=86400)
    organization.control.record_root_key_use(member, used, age=7200, region="eu-west-1", service="s3")
    unused = organization.control.create_root_key(member, age=3600, status="Inactive")
    piece = read_root_access_keys(open_emulated(organization), root_session_access(organization, member), member)
    assert isinstance(piece, Observed)
    assert isinstance(piece.fact, RootAccessKeys)
    keys = {key.id: key for key in piece.fact.keys}
    assert (keys[used].status, keys[unused].status) == (KeyStatus.ACTIVE, KeyStatus.INACTIVE)
    last_use = keys[used].last_use
    assert isinstance(last_use, LastUsed)
    assert (last_use.region, last_use.service) == ("eu-west-1", "s3")
    assert keys[unused].last_use is NoLastUse.NEVER_RECORDED
    assert piece.origin.access is Access.ROOT_SESSION


def test_a_status_that_is_neither_is_a_key_all_the_same(organization: Emulator, member: str) -> None:
    organization.control.create_root_key(member, status="Expired")
    piece = read_root_access_keys(open_emulated(organization), root_session_access(organization, member), member)
    assert isinstance(piece, Observed)
    assert isinstance(piece.fact, RootAccessKeys)
    assert [key.status for key in piece.fact.keys] == [KeyStatus.UNKNOWN]


def test_no_key_is_an_observation(organization: Emulator, member: str) -> None:
    piece = read_root_access_keys(open_emulated(organization), root_session_access(organization, member), member)
    assert isinstance(piece, Observed)
    assert piece.fact == RootAccessKeys(())


def test_a_key_of_another_account_makes_the_list_unusable(organization: Emulator, member: str) -> None:
    foreign = EmulatedKey(unique_id("AKIA", "999988887777", "foreign"), 1, "Active", organization.control.now())
    organization.world.account(member).root.keys = Eventual((foreign,))
    piece = read_root_access_keys(open_emulated(organization), root_session_access(organization, member), member)
    assert isinstance(piece, Unavailable)
    assert (piece.source, piece.reason) == (Source.ROOT_ACCESS_KEYS, UnavailableReason.KEY_OF_ANOTHER_ACCOUNT)


@pytest.mark.parametrize("asked", [RootUser("999988887777", "aws"), RootUser(ACCOUNT, "aws-us-gov")])
def test_a_report_of_another_account_is_no_evidence(demo: Emulator, asked: RootUser) -> None:
    piece = read_report(open_emulated(demo), access_of(demo, "clean"), asked, BACKOFF)
    assert isinstance(piece, Unavailable)
    assert piece.reason is UnavailableReason.UNUSABLE_ANSWER


def test_a_report_carries_the_time_it_was_made(demo: Emulator) -> None:
    piece = read_report(open_emulated(demo), access_of(demo, "clean"), ROOT_USER, BACKOFF)
    assert isinstance(piece, Observed)
    assert isinstance(piece.fact, CredentialReport)
    assert piece.fact.generated_at is not None
    assert piece.origin.observed_at is not None
    assert 3590 < (piece.origin.observed_at - piece.fact.generated_at).total_seconds() < 3610


@pytest.mark.parametrize(
    ("caller", "key_id", "root_key_id"),
    [
        (ROOT, unique_id("AKIA", ACCOUNT), unique_id("AKIA", ACCOUNT)),
        (ROOT, unique_id("ASIA", ACCOUNT), None),
        (USER, unique_id("AKIA", ACCOUNT), None),
        (ROOT, "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ],
)
def test_only_a_long_term_key_of_root_is_a_root_key(caller: Caller, key_id: str, root_key_id: str | None) -> None:
    piece = evidence_of_caller(Answer(caller, Origin(Access.OWN)), key_id)
    assert isinstance(piece, Observed)
    assert piece.fact == CallerIdentity(root_key_id)


def test_a_caller_whose_key_belongs_elsewhere_is_no_evidence() -> None:
    piece = evidence_of_caller(Answer(ROOT, Origin(Access.OWN)), unique_id("AKIA", "999988887777"))
    assert isinstance(piece, Unavailable)
    assert piece.reason is UnavailableReason.KEY_OF_ANOTHER_ACCOUNT


def test_every_source_that_a_way_names_can_be_read(demo: Emulator) -> None:
    demo.control.add_fault(Rule(DenyAccess(), "iam"))
    for access, sources in READ_BY.items():
        for source in sources:
            piece = read_source(open_emulated(demo), access_of(demo, "clean", access), ROOT_USER, source, BACKOFF)
            assert isinstance(piece, Unavailable)
            assert (piece.source, piece.reason, piece.origin.access) == (source, UnavailableReason.ACCESS_DENIED, access)
