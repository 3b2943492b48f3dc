"""From a run to a plan: no guard bends, no key is lost, and the same run gives the same plan."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep.core.evidence import (
    Access,
    AccountSummary,
    CredentialReport,
    Evidence,
    KeyStatus,
    LastUse,
    LastUsed,
    NoLastUse,
    Observed,
    Origin,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Finding, KeyRow, ProcedureResult, Procedures, Verdict
from rootsweep.core.organization import Account, Scope, ScopeKind
from rootsweep.core.removal.plan import Action, ActionKind, Guards, HeldBack, HeldBackReason, Plan, PlannedKey
from rootsweep.core.removal.planning import ids_allowed_in_vain, make_plan, manual_runbook, self_removal_runbook
from rootsweep.core.run import RejectedInput, Run
from rootsweep.storage.plan_file import digest_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
# Whole runs are drawn, which takes its time on a busy machine.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
MEMBER = Account("111122223333", "workload", "aws")
OLD_KEY = KeyRow("AKIAOLDKEY0000000001", None, KeyStatus.ACTIVE, NOW - 400 * DAY, None, NoLastUse.NEVER_RECORDED)
PROCEDURES = Procedures(ProcedureResult.FAIL, ProcedureResult.UNKNOWN)


def listed(at: datetime | None = NOW, access: Access = Access.ROOT_SESSION) -> Observed:
    return Observed(RootAccessKeys(()), Origin(access, at, "iam:ListAccessKeys"))


REFUSED = Unavailable(Source.ROOT_ACCESS_KEYS, UnavailableReason.ACCESS_DENIED, "allow it", Origin(Access.ROOT_SESSION, NOW))
OWN_SUMMARY = Observed(AccountSummary(access_keys_present=True), Origin(Access.OWN, NOW))
ROLE_REPORT = Observed(CredentialReport(NOW, ()), Origin(Access.ROLE, NOW))


def finding(
    *keys: KeyRow,
    account: Account = MEMBER,
    evidence: tuple[Evidence, ...] = (listed(),),
    verdict: Verdict = Verdict.NON_COMPLIANT,
) -> Finding:
    return Finding(account, verdict, None, NOW, (), (), keys, PROCEDURES, evidence, None)


def run(*findings: Finding, complete: bool = True, rejected: tuple[RejectedInput, ...] = ()) -> Run:
    scope = Scope(ScopeKind.ORGANIZATION, "aws", "o-exampleorgid", complete)
    return Run(NOW - DAY, NOW, "0", scope, findings, rejected)


def plan(*findings: Finding, guards: Guards = Guards(max_share=1.0), now: datetime = NOW) -> Plan:  # noqa: B008
    return make_plan(run(*findings), guards, now)


def only_action(made: Plan) -> Action:
    assert made.held_back == ()
    (action,) = made.actions
    return action


def only_held(made: Plan) -> HeldBack:
    assert made.actions == ()
    (held,) = made.held_back
    return held


def keys_of(made: Plan) -> list[PlannedKey]:
    return [*(action.key for action in made.actions), *(held.key for held in made.held_back)]


def deleted(made: Plan) -> list[PlannedKey]:
    return [action.key for action in made.actions if action.kind is ActionKind.DELETE_KEY]


def test_a_key_that_a_root_session_listed_is_deleted() -> None:
    action = only_action(plan(finding(OLD_KEY)))
    assert (action.kind, action.key.id, action.runbook) == (ActionKind.DELETE_KEY, OLD_KEY.id, ())
    assert len(action.preconditions) == 5


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": KeyStatus.UNKNOWN}, HeldBackReason.STATUS_UNKNOWN),
        ({"created_at": None}, HeldBackReason.AGE_UNKNOWN),
        ({"created_at": NOW - DAY + timedelta(seconds=1)}, HeldBackReason.TOO_YOUNG),
        ({"created_at": NOW + DAY}, HeldBackReason.TOO_YOUNG),
        ({"last_use": NoLastUse.UNKNOWN}, HeldBackReason.LAST_USE_UNKNOWN),
        ({"last_use": LastUsed(NOW - 90 * DAY + timedelta(seconds=1))}, HeldBackReason.RECENTLY_USED),
        ({"last_use": LastUsed(NOW + DAY)}, HeldBackReason.RECENTLY_USED),
        ({"id": None}, HeldBackReason.KEY_ID_UNKNOWN),
    ],
)
def test_a_guard_holds_a_key_back(change: dict[str, object], reason: HeldBackReason) -> None:
    held = only_held(plan(finding(replace(OLD_KEY, **change))))  # type: ignore[arg-type]  # fields by their names
    assert held.reason is reason
    assert held.message


def test_at_the_very_limit_a_guard_lets_go() -> None:
    key = replace(OLD_KEY, created_at=NOW - DAY, last_use=LastUsed(NOW - 90 * DAY))
    assert deleted(plan(finding(key)))


def test_a_key_is_idle_only_as_far_as_it_was_seen_to_be() -> None:
    key = replace(OLD_KEY, last_use=LastUsed(NOW - 100 * DAY))
    seen_long_ago = finding(key, evidence=(listed(NOW - 50 * DAY),))
    assert only_held(plan(seen_long_ago)).reason is HeldBackReason.RECENTLY_USED
    seen_in_the_future = finding(replace(key, last_use=LastUsed(NOW - 80 * DAY)), evidence=(listed(NOW + 50 * DAY),))
    assert only_held(plan(seen_in_the_future)).reason is HeldBackReason.RECENTLY_USED
    seen_at_an_unknown_time = finding(key, evidence=(listed(None),))
    assert only_held(plan(seen_at_an_unknown_time)).reason is HeldBackReason.AGE_UNKNOWN


@pytest.mark.parametrize("last_use", [NoLastUse.UNKNOWN, LastUsed(NOW - DAY)])
def test_allow_recent_releases_the_key_that_it_names(last_use: LastUse) -> None:
    key = replace(OLD_KEY, last_use=last_use)
    assert only_held(plan(finding(key))).release == f"--allow-recent {key.id}"
    assert deleted(plan(finding(key), guards=Guards(max_share=1.0, allow_recent=(str(key.id),))))


def test_an_id_that_is_allowed_in_vain_is_told() -> None:
    made = plan(finding(OLD_KEY), guards=Guards(allow_recent=("AKIANOSUCHKEY0000001", str(OLD_KEY.id))))
    assert ids_allowed_in_vain(made) == ("AKIANOSUCHKEY0000001",)


def test_where_no_root_session_can_act_a_person_does() -> None:
    management = replace(MEMBER, is_management_account=True)
    for account, evidence in (
        (management, (OWN_SUMMARY,)),
        (management, (REFUSED, ROLE_REPORT)),
        (management, (listed(),)),
        (MEMBER, (OWN_SUMMARY,)),
        (MEMBER, (ROLE_REPORT,)),
        (MEMBER, (listed(access=Access.ROOT),)),
    ):
        action = only_action(plan(finding(OLD_KEY, account=account, evidence=evidence)))
        assert action.kind is ActionKind.MANUAL_STEP
        assert action.runbook == manual_runbook(action.key)


@pytest.mark.parametrize("partition_of_account", ["aws-us-gov", None])
def test_in_govcloud_root_removes_its_own_keys(partition_of_account: str | None) -> None:
    account = replace(MEMBER, partition=partition_of_account)
    made = run(finding(OLD_KEY, account=account, evidence=(REFUSED, ROLE_REPORT)))
    made = replace(made, scope=replace(made.scope, partition="aws-us-gov"))
    action = only_action(make_plan(made, Guards(), NOW))
    assert (action.kind, action.runbook) == (ActionKind.SELF_REMOVE, self_removal_runbook(action.key))


def test_a_key_whose_id_a_refused_root_session_did_not_see_is_held_back() -> None:
    slot = replace(OLD_KEY, id=None, slot=1)
    held = only_held(plan(finding(slot, evidence=(REFUSED, ROLE_REPORT))))
    assert (held.reason, held.release) == (HeldBackReason.KEY_ID_UNKNOWN, None)


def test_a_key_of_which_nothing_is_shown_is_planned_all_the_same() -> None:
    action = only_action(plan(finding(evidence=(OWN_SUMMARY,))))
    assert (action.kind, action.key.id, action.key.slot) == (ActionKind.MANUAL_STEP, None, None)
    assert only_held(plan(finding())).reason is HeldBackReason.KEY_ID_UNKNOWN
    assert keys_of(plan(finding(verdict=Verdict.COMPLIANT))) == []


def test_accounts_with_inactive_keys_alone_come_within_the_limits_first() -> None:
    inactive = replace(OLD_KEY, id="AKIAINACTIVE00000001", status=KeyStatus.INACTIVE)
    first = finding(OLD_KEY, inactive, account=Account("100000000001"))
    second = finding(inactive, account=Account("100000000002"))
    made = plan(first, second, guards=Guards(max_accounts=1, max_share=1.0))
    assert [key.account.id for key in deleted(made)] == ["100000000002"]
    assert {held.reason for held in made.held_back} == {HeldBackReason.MAX_ACCOUNTS}


@pytest.mark.parametrize(
    ("share", "accounts", "most"), [(0.1, 45, 4), (0.29, 100, 29), (0.1, 5, 1), (0.001, 10, 1), (1.0, 7, 7)]
)
def test_a_share_of_the_accounts(share: float, accounts: int, most: int) -> None:
    findings = [finding(OLD_KEY, account=Account(f"{number:012}")) for number in range(accounts)]
    made = plan(*findings, guards=Guards(max_accounts=accounts + 1, max_share=share))
    assert len(deleted(made)) == most
    assert {held.reason for held in made.held_back} <= {HeldBackReason.MAX_SHARE}


def test_what_was_not_seen_is_in_the_plan_too() -> None:
    unread = finding(verdict=Verdict.INSUFFICIENT_DATA, evidence=(REFUSED,))
    made = plan(unread)
    assert (made.unread, made.is_complete) == ((MEMBER.id,), False)
    clean = finding(verdict=Verdict.COMPLIANT)
    assert plan(clean).is_complete
    assert not plan().is_complete
    incomplete = make_plan(run(clean, complete=False), Guards(), NOW)
    assert incomplete.incomplete_because
    assert not incomplete.is_complete
    refused = make_plan(run(clean, rejected=(RejectedInput("notes.txt", None, "no evidence"),)), Guards(), NOW)
    assert refused.incomplete_because == "the audit refused evidence that it was given (1)"


KEY_IDS = st.text("ABCDEFGH234567", min_size=2, max_size=2).map(lambda text: f"AKIAAAAAAAAAAAAAAA{text}")
AROUND_NOW = st.timedeltas(-200 * DAY, 2 * DAY).map(lambda span: NOW + span)
LAST_USES: st.SearchStrategy[LastUse] = st.sampled_from(NoLastUse) | st.builds(LastUsed, AROUND_NOW)
SPANS = st.integers(1, 150 * 86400).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def key_rows(draw: st.DrawFn) -> KeyRow:
    created_at = draw(st.none() | AROUND_NOW)
    return KeyRow(
        draw(st.none() | KEY_IDS),
        draw(st.none() | st.just(1)),
        draw(st.sampled_from(KeyStatus)),
        created_at,
        None,
        draw(LAST_USES),
    )


EVIDENCE: list[tuple[Evidence, ...]] = [
    (listed(),),
    (listed(NOW - 20 * DAY),),
    (REFUSED,),
    (OWN_SUMMARY,),
    (listed(None),),
    (),
]


@st.composite
def findings_of(draw: st.DrawFn, account_id: str) -> Finding:
    partition = draw(st.sampled_from(["aws", "aws", "aws", "aws-us-gov", None]))
    account = Account(account_id, None, partition, is_management_account=account_id == "000000000001")
    keys = draw(st.lists(key_rows(), max_size=2, unique_by=lambda row: (row.id, row.slot)))
    evidence = draw(st.sampled_from(EVIDENCE))
    return finding(*keys, account=account, evidence=evidence, verdict=draw(st.sampled_from(Verdict)))


@st.composite
def runs(draw: st.DrawFn) -> Run:
    ids = draw(st.lists(st.integers(1, 20).map(lambda number: f"{number:012}"), unique=True, max_size=12))
    return run(*(draw(findings_of(account_id)) for account_id in ids))


@st.composite
def guards_of(draw: st.DrawFn) -> Guards:
    return Guards(
        draw(SPANS),
        draw(SPANS),
        draw(st.integers(1, 12)),
        draw(st.floats(0.01, 1.0)),
        DAY,
        tuple(draw(st.lists(KEY_IDS, max_size=4))),
    )


def rows_of(made: Run) -> list[tuple[str, str | None, int | None]]:
    """Give every key of a run, and one where a key was seen to exist and none is shown."""
    rows = [(one.account.id, row.id, row.slot) for one in made.findings for row in one.keys]
    nameless = [one for one in made.findings if one.verdict is Verdict.NON_COMPLIANT and not one.keys]
    return [*rows, *((one.account.id, None, None) for one in nameless)]


@UNHURRIED
@given(runs(), guards_of())
def test_every_key_is_in_exactly_one_place(made: Run, guards: Guards) -> None:
    planned = [(key.account.id, key.id, key.slot) for key in keys_of(make_plan(made, guards, NOW))]
    assert sorted(planned, key=repr) == sorted(rows_of(made), key=repr)


@UNHURRIED
@given(runs(), guards_of())
def test_no_key_within_a_guard_is_deleted(made: Run, guards: Guards) -> None:
    by_id = {one.account.id: one for one in made.findings}
    for key in deleted(make_plan(made, guards, NOW)):
        times = [piece.origin.observed_at for piece in by_id[key.account.id].evidence]
        assert key.id is not None
        assert key.status is not KeyStatus.UNKNOWN
        assert key.created_at is not None
        assert all(at is not None and at - key.created_at >= guards.min_age for at in times)
        assert not key.account.is_management_account
        if key.id not in guards.allow_recent:
            assert key.last_use is not NoLastUse.UNKNOWN
            used = [key.last_use.at] if isinstance(key.last_use, LastUsed) else []
            assert all(at is not None and at - use >= guards.min_idle for at in times for use in used)


@UNHURRIED
@given(runs(), guards_of())
def test_allow_recent_never_releases_from_the_least_age(made: Run, guards: Guards) -> None:
    every_id = tuple(sorted({row.id for one in made.findings for row in one.keys if row.id}))
    allowed = make_plan(made, replace(guards, allow_recent=every_id), NOW)
    held = make_plan(made, replace(guards, allow_recent=()), NOW).held_back
    stays = {(one.key.account.id, one.key.id) for one in held if one.reason not in _RELEASED}
    assert not stays & {(key.account.id, key.id) for key in deleted(allowed)}


_RELEASED = {
    HeldBackReason.RECENTLY_USED,
    HeldBackReason.LAST_USE_UNKNOWN,
    HeldBackReason.MAX_ACCOUNTS,
    HeldBackReason.MAX_SHARE,
}


@UNHURRIED
@given(runs(), guards_of())
def test_the_limits_hold(made: Run, guards: Guards) -> None:
    accounts = {key.account.id for key in deleted(make_plan(made, guards, NOW))}
    assert len(accounts) <= guards.max_accounts
    assert len(accounts) <= max(Fraction(1), Fraction(str(guards.max_share)) * len(made.findings))


@UNHURRIED
@given(runs(), guards_of(), st.randoms(use_true_random=False))
def test_the_same_run_gives_the_same_plan_in_any_order(made: Run, guards: Guards, random: object) -> None:
    shuffled = list(made.findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random, which hypothesis controls
    again = make_plan(replace(made, findings=tuple(shuffled)), guards, NOW)
    first = make_plan(made, guards, NOW)
    assert again == first
    assert digest_of(again) == digest_of(first)


@UNHURRIED
@given(runs(), guards_of())
def test_the_management_account_comes_first(made: Run, guards: Guards) -> None:
    planned = make_plan(made, guards, NOW)
    assert _falls_to_false(action.key.account.is_management_account for action in planned.actions)
    assert _falls_to_false(held.key.account.is_management_account for held in planned.held_back)


def _falls_to_false(values: Iterable[bool]) -> bool:
    listed_values = list(values)
    return listed_values == sorted(listed_values, reverse=True)
