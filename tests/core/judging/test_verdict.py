"""The verdict: every row of docs/verdicts.md over every combination of evidence, and what must hold for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Evidence,
    KeyStatus,
    Observed,
    Origin,
    ReportSlot,
    RootAccessKeys,
    SlotState,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Judgement, ProcedureResult, ReasonCode, Severity, Verdict
from rootsweep.core.judging.resolution import resolve
from rootsweep.core.judging.verdict import InactiveKeys, JudgingRules, judge
from rootsweep.core.organization import Account, AccountState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SEEN = NOW - timedelta(hours=1)
REPORT_TIMES = {
    "older": NOW - timedelta(hours=3),
    "newer": NOW - timedelta(minutes=5),
    "unknown": None,
    "future": NOW + timedelta(days=1),
}
MAX_AGES = {"none": None, "wide": timedelta(days=90), "tight": timedelta(minutes=1)}
ACCOUNT = Account("111122223333", partition="aws", state=AccountState.ACTIVE)
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
LIVE = ["caller", "active", "inactive", "unknown", "none", "unavailable"]
SUMMARIES = ["present", "absent", "absent from a file", "unavailable"]
REPORTS = ["active", "unknown", "inactive", "no key", "undated", "unread", "unreadable", "unavailable"]
"""An undated report is one without a key that AWS handed out at a time that is not known."""
SAVED = Origin(Access.FILES)
UNDATED = Origin(Access.ROLE)
ACTIVE_COLUMN = {SlotState.ACTIVE: True, SlotState.INACTIVE: False, SlotState.NO_KEY: False}
SLOT_STATES = {
    "active": SlotState.ACTIVE,
    "unknown": SlotState.UNKNOWN,
    "inactive": SlotState.INACTIVE,
    "no key": SlotState.NO_KEY,
    "undated": SlotState.NO_KEY,
    "unread": SlotState.UNREAD,
    "unreadable": SlotState.UNREAD,
}


def observed(fact: RootAccessKeys | AccountSummary | CredentialReport | CallerIdentity, at: datetime | None = SEEN) -> Observed:
    return Observed(fact, Origin(Access.ROOT, observed_at=at))


def unavailable(source: Source) -> Unavailable:
    return Unavailable(source, UnavailableReason.ACCESS_DENIED, "permit it", Origin(Access.OWN))


def slot(number: int, state: SlotState) -> ReportSlot:
    dated = state in {SlotState.ACTIVE, SlotState.INACTIVE, SlotState.UNKNOWN}
    return ReportSlot(number, state, ACTIVE_COLUMN.get(state), NOW - timedelta(days=400) if dated else None)


def report(*states: SlotState, at: datetime | None) -> Observed:
    return Observed(CredentialReport(at, tuple(slot(number, state) for number, state in enumerate(states, 1))), SAVED)


UNREADABLE = ReportSlot(2, SlotState.UNREAD, active=False, unreadable=("access_key_2_last_rotated",))


def key(status: KeyStatus) -> AccessKey:
    return AccessKey(KEY_ID, status, NOW - timedelta(days=400))


@dataclass(frozen=True)
class Combination:
    """One combination of what the sources tell."""

    live: str
    summary: str
    report: str
    report_time: str
    max_age: str

    def evidence(self) -> list[Evidence]:
        live: dict[str, Evidence] = {
            "caller": observed(CallerIdentity(KEY_ID)),
            "active": observed(RootAccessKeys((key(KeyStatus.ACTIVE), key(KeyStatus.INACTIVE)))),
            "inactive": observed(RootAccessKeys((key(KeyStatus.INACTIVE),))),
            "unknown": observed(RootAccessKeys((key(KeyStatus.UNKNOWN), key(KeyStatus.INACTIVE)))),
            "none": observed(RootAccessKeys(())),
            "unavailable": unavailable(Source.ROOT_ACCESS_KEYS),
        }
        summary: dict[str, Evidence] = {
            "present": observed(AccountSummary(access_keys_present=True)),
            "absent": observed(AccountSummary(access_keys_present=False)),
            "absent from a file": Observed(AccountSummary(access_keys_present=False), Origin(Access.FILES)),
            "unavailable": unavailable(Source.ACCOUNT_SUMMARY),
        }
        if self.report == "unavailable":
            return [live[self.live], summary[self.summary], unavailable(Source.CREDENTIAL_REPORT)]
        shown = UNREADABLE if self.report == "unreadable" else slot(2, SLOT_STATES[self.report])
        slots = (slot(1, SlotState.NO_KEY), shown)
        return [
            live[self.live],
            summary[self.summary],
            Observed(CredentialReport(REPORT_TIMES[self.report_time], slots), UNDATED if self.report == "undated" else SAVED),
        ]

    @property
    def shows_key(self) -> bool:
        return self.report in {"active", "inactive", "unknown"}

    @property
    def older(self) -> bool:
        """Whether the report is provably older than a live piece that shows no key: a saved summary tells no time."""
        timed = self.live == "none" or self.summary != "absent from a file"
        return self.report_time == "older" and timed

    @property
    def timed(self) -> bool:
        return self.report_time in {"older", "newer"}


ALL = [Combination(*parts) for parts in product(LIVE, SUMMARIES, REPORTS, REPORT_TIMES, MAX_AGES)]
LIVE_CELLS = {
    "an active key": {"caller", "active"},
    "only inactive keys": {"inactive"},
    "only keys of unknown status": {"unknown"},
    "no key": {"none"},
    "unavailable": {"unavailable"},
}
SUMMARY_CELLS = {
    "any": set(SUMMARIES),
    "present": {"present"},
    "absent": {"absent", "absent from a file"},
    "absent, from AWS": {"absent"},
    "absent, from a file": {"absent from a file"},
    "unavailable": {"unavailable"},
    "absent or unavailable": {"absent", "absent from a file", "unavailable"},
}
REPORT_CELLS: dict[str, Callable[[Combination], bool]] = {
    "any": bool,
    "no key, unread or unavailable": lambda one: one.report in {"no key", "undated", "unread", "unavailable"},
    "no key, unread, unreadable or unavailable": lambda one: not one.shows_key,
    "a key, provably older": lambda one: one.shows_key and one.older,
    "a key, not provably older": lambda one: one.shows_key and not one.older,
    "an active key": lambda one: one.report == "active",
    "only inactive keys": lambda one: one.report == "inactive",
    "a key of unknown status": lambda one: one.report == "unknown",
    "no key, provably older": lambda one: one.report in {"no key", "undated"} and one.older,
    "no key, not provably older": lambda one: one.report in {"no key", "undated"} and not one.older,
    "no key, in an answer of unknown time": lambda one: one.report == "undated",
    "unread, unreadable, of unknown status or unavailable": lambda one: (
        one.report in {"unread", "unreadable", "unknown", "unavailable"}
    ),
    "no key, within max age": lambda one: (
        one.report == "no key" and (one.max_age == "none" or (one.timed and one.max_age == "wide"))
    ),
    "no key, older than max age": lambda one: one.report == "no key" and one.timed and one.max_age == "tight",
    "no key, of unknown time with a max age": lambda one: one.report == "no key" and not one.timed and one.max_age != "none",
    "unreadable": lambda one: one.report == "unreadable",
    "unread or unreadable": lambda one: one.report in {"unread", "unreadable"},
    "unavailable": lambda one: one.report == "unavailable",
}


def documented_rows() -> list[list[str]]:
    page = Path(__file__).parents[3] / "docs" / "verdicts.md"
    table = page.read_text(encoding="utf-8").split("## The table")[1].split("\n- **Key list**")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


ROWS = documented_rows()


def matches(row: list[str], one: Combination) -> bool:
    return one.live in LIVE_CELLS[row[0]] and one.summary in SUMMARY_CELLS[row[1]] and REPORT_CELLS[row[2]](one)


def judged(evidence: Sequence[Evidence], rules: JudgingRules = JudgingRules(), account: Account = ACCOUNT) -> Judgement:  # noqa: B008
    return judge(account, resolve(evidence, NOW), rules, NOW)


def test_each_combination_has_exactly_one_row() -> None:
    assert [one for one in ALL if sum(matches(row, one) for row in ROWS) != 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " / ".join(row[:3]))
def test_row(row: list[str]) -> None:
    combinations = [one for one in ALL if matches(row, one)]
    assert combinations
    for one in combinations:
        judgement = judged(one.evidence(), JudgingRules(max_age=MAX_AGES[one.max_age]))
        reasons = ", ".join(judgement.reasons) or "the sources' own"
        assert (judgement.verdict, reasons) == (row[3], row[4]), one
        assert bool(judgement.unavailable) == (reasons == "the sources' own")


@pytest.mark.parametrize("reason", UnavailableReason)
def test_why_a_source_gave_no_evidence_changes_no_verdict(reason: UnavailableReason) -> None:
    for one in ALL:
        evidence = one.evidence()
        because = [replace(piece, reason=reason) if isinstance(piece, Unavailable) else piece for piece in evidence]
        before, after = judged(evidence), judged(because)
        assert (after.verdict, after.reasons, after.severity) == (before.verdict, before.reasons, before.severity)
        assert {piece.reason for piece in after.unavailable} <= {reason}


def test_severity_is_high_for_inactive_keys_alone() -> None:
    for one in ALL:
        judgement = judged(one.evidence())
        high = judgement.reasons == (ReasonCode.INACTIVE_ROOT_KEY,)
        expected = (Severity.HIGH if high else Severity.CRITICAL) if judgement.verdict is Verdict.NON_COMPLIANT else None
        assert judgement.severity == expected


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AccountState.SUSPENDED, "account_suspended"),
        (AccountState.PENDING_CLOSURE, "account_pending_closure"),
        (AccountState.PENDING_ACTIVATION, "account_pending_activation"),
    ],
)
def test_an_account_that_is_not_active_is_not_applicable_only_when_unread(state: AccountState, reason: str) -> None:
    account = replace(ACCOUNT, state=state)
    unread = judged([unavailable(Source.ACCOUNT_SUMMARY)], account=account)
    assert (unread.verdict, unread.reasons) == (Verdict.NOT_APPLICABLE, (reason,))
    read = judged([observed(AccountSummary(access_keys_present=False))], account=account)
    assert read.verdict is Verdict.COMPLIANT


@pytest.mark.parametrize("account", [replace(ACCOUNT, state=AccountState.CLOSED), replace(ACCOUNT, partition="aws-cn")])
def test_evidence_of_a_key_outranks_state_and_partition(account: Account) -> None:
    for one in ALL:
        plain = judged(one.evidence())
        overlaid = judged(one.evidence(), account=account)
        expected = Verdict.NON_COMPLIANT if plain.verdict is Verdict.NON_COMPLIANT else Verdict.NOT_APPLICABLE
        assert overlaid.verdict is expected


def test_allowing_inactive_keys_asks_for_every_slot_and_a_fresh_report() -> None:
    rules = JudgingRules(InactiveKeys.ALLOW, timedelta(days=90))
    whole = report(SlotState.INACTIVE, SlotState.NO_KEY, at=REPORT_TIMES["older"])
    assert judged([whole], rules).reasons == (ReasonCode.INACTIVE_ROOT_KEY_ALLOWED,)
    assert judged([whole], rules).verdict is Verdict.COMPLIANT
    stale = judged([whole], replace(rules, max_age=timedelta(minutes=1)))
    assert (stale.verdict, stale.reasons) == (Verdict.NON_COMPLIANT, (ReasonCode.INACTIVE_ROOT_KEY,))
    unread = report(SlotState.INACTIVE, SlotState.UNREAD, at=REPORT_TIMES["older"])
    assert judged([unread], rules).verdict is Verdict.NON_COMPLIANT
    active = report(SlotState.INACTIVE, SlotState.ACTIVE, at=REPORT_TIMES["newer"])
    listed = observed(RootAccessKeys((key(KeyStatus.INACTIVE),)))
    assert judged([active, listed], rules).verdict is Verdict.NON_COMPLIANT
    assert judged([listed], rules).verdict is Verdict.COMPLIANT


def test_a_saved_summary_counts_as_aws_says_where_aws_says_the_same() -> None:
    unreadable = Observed(CredentialReport(None, (slot(1, SlotState.NO_KEY), UNREADABLE)), SAVED)
    saved = Observed(AccountSummary(access_keys_present=False), Origin(Access.FILES, path="z.json"))
    assert judged([unreadable, saved]).reasons == (ReasonCode.REPORT_INCOMPLETE,)
    assert judged([unreadable, saved, observed(AccountSummary(access_keys_present=False))]).verdict is Verdict.COMPLIANT


def test_allowing_inactive_keys_asks_that_each_slot_is_readable() -> None:
    inactive = Observed(CredentialReport(None, (slot(1, SlotState.INACTIVE), UNREADABLE)), SAVED)
    assert judged([inactive], JudgingRules(InactiveKeys.ALLOW)).verdict is Verdict.NON_COMPLIANT


def test_no_evidence_at_all_says_so() -> None:
    assert judged([]).reasons == (ReasonCode.NO_EVIDENCE,)
    assert judged([]).verdict is Verdict.INSUFFICIENT_DATA


def test_as_of_is_the_oldest_time_that_decided() -> None:
    older = REPORT_TIMES["older"]
    both = [observed(AccountSummary(access_keys_present=True)), report(SlotState.ACTIVE, at=older)]
    assert judged(both).as_of == older
    assert judged([report(SlotState.ACTIVE, at=None)]).as_of is None
    assert judged([observed(AccountSummary(access_keys_present=False))]).as_of == SEEN


def test_the_procedures_stand_on_their_own_evidence() -> None:
    inactive = [report(SlotState.INACTIVE, SlotState.NO_KEY, at=None), observed(AccountSummary(access_keys_present=True))]
    procedures = judged(inactive).procedures
    assert (procedures.credential_report, procedures.account_summary) == (ProcedureResult.PASS, ProcedureResult.FAIL)
    unread = judged([report(SlotState.NO_KEY, SlotState.UNREAD, at=None)]).procedures
    assert (unread.credential_report, unread.account_summary) == (ProcedureResult.UNKNOWN, ProcedureResult.UNKNOWN)
    tenth = observed(CredentialReport(None, (slot(1, SlotState.NO_KEY), slot(2, SlotState.NO_KEY), slot(10, SlotState.ACTIVE))))
    assert judged([tenth]).procedures.credential_report is ProcedureResult.FAIL


def test_the_newest_report_stands_and_an_unknown_time_leaves_it_to_the_strictest() -> None:
    old_key = report(SlotState.ACTIVE, SlotState.NO_KEY, at=REPORT_TIMES["older"])
    new_clean = report(SlotState.NO_KEY, SlotState.NO_KEY, at=REPORT_TIMES["newer"])
    undated_clean = report(SlotState.NO_KEY, SlotState.NO_KEY, at=None)
    assert judged([old_key, new_clean]).verdict is Verdict.COMPLIANT
    assert judged([old_key, new_clean, undated_clean]).verdict is Verdict.NON_COMPLIANT


TIMES = st.sampled_from([None, NOW - timedelta(days=200), NOW - timedelta(hours=3), SEEN, NOW, NOW + timedelta(days=1)])
SLOTS = st.lists(st.sampled_from(list(SlotState)), max_size=3)
KEYS = st.lists(st.builds(key, st.sampled_from(list(KeyStatus))), max_size=2).map(tuple)
PIECES: st.SearchStrategy[Evidence] = st.one_of(
    st.builds(lambda keys, at: observed(RootAccessKeys(keys), at), KEYS, TIMES),
    st.builds(lambda present, at: observed(AccountSummary(present), at), st.booleans(), TIMES),
    st.builds(lambda states, at: report(*states, at=at), SLOTS, TIMES),
    st.builds(lambda key_id, at: observed(CallerIdentity(key_id), at), st.sampled_from([None, KEY_ID]), TIMES),
    st.builds(unavailable, st.sampled_from(list(Source))),
)
EVIDENCE = st.lists(PIECES, max_size=6)
RULES = st.builds(JudgingRules, st.just(InactiveKeys.FAIL), st.sampled_from(list(MAX_AGES.values())))
ANY_RULES = st.builds(JudgingRules, st.sampled_from(InactiveKeys), st.sampled_from(list(MAX_AGES.values())))
ACCOUNTS = st.builds(
    lambda state, partition: replace(ACCOUNT, state=state, partition=partition),
    st.sampled_from([None, *AccountState]),
    st.sampled_from([None, "aws", "aws-us-gov", "aws-cn"]),
)
TOWARDS_COMPLIANT = [Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA, Verdict.NOT_APPLICABLE, Verdict.COMPLIANT]


@given(st.lists(st.builds(unavailable, st.sampled_from(list(Source)))), ANY_RULES, ACCOUNTS)
def test_no_evidence_never_yields_compliant(evidence: list[Evidence], rules: JudgingRules, account: Account) -> None:
    assert judged(evidence, rules, account).verdict in {Verdict.INSUFFICIENT_DATA, Verdict.NOT_APPLICABLE}


@given(st.data(), EVIDENCE, ANY_RULES, ACCOUNTS)
def test_the_order_of_evidence_is_irrelevant(
    data: st.DataObject, evidence: list[Evidence], rules: JudgingRules, account: Account
) -> None:
    shuffled = data.draw(st.permutations(evidence))
    assert judged(shuffled, rules, account) == judged(evidence, rules, account)


@given(EVIDENCE, ANY_RULES, ACCOUNTS)
def test_every_verdict_has_a_reason(evidence: list[Evidence], rules: JudgingRules, account: Account) -> None:
    judgement = judged(evidence, rules, account)
    assert judgement.reasons or judgement.unavailable


def with_key(piece: Evidence, status: KeyStatus) -> Evidence:
    match piece:
        case Observed(fact=RootAccessKeys(keys=keys)):
            return replace(piece, fact=RootAccessKeys((*keys, key(status))))
        case Observed(fact=AccountSummary()):
            return replace(piece, fact=AccountSummary(access_keys_present=True))
        case Observed(fact=CredentialReport(generated_at=generated_at, slots=slots)):
            added = slot(len(slots) + 1, SlotState(status.value))
            return replace(piece, fact=CredentialReport(generated_at, (*slots, added)))
        case Observed(fact=CallerIdentity()):
            return replace(piece, fact=CallerIdentity(KEY_ID))
    return piece


@given(st.data(), EVIDENCE.filter(bool), RULES, ACCOUNTS, st.sampled_from(KeyStatus))
def test_adding_a_key_never_moves_a_verdict_towards_compliant(
    data: st.DataObject, evidence: list[Evidence], rules: JudgingRules, account: Account, status: KeyStatus
) -> None:
    chosen = data.draw(st.integers(0, len(evidence) - 1))
    worse = [with_key(piece, status) if index == chosen else piece for index, piece in enumerate(evidence)]
    before, after = judged(evidence, rules, account), judged(worse, rules, account)
    assert TOWARDS_COMPLIANT.index(after.verdict) <= TOWARDS_COMPLIANT.index(before.verdict)


NOT_A_FLAG = PIECES.filter(lambda piece: piece.source is not Source.ACCOUNT_SUMMARY)


@given(EVIDENCE, NOT_A_FLAG, ACCOUNTS)
def test_adding_an_active_key_never_helps_where_inactive_keys_are_allowed(
    others: list[Evidence], piece: Evidence, account: Account
) -> None:
    rules = JudgingRules(InactiveKeys.ALLOW)
    before = judged([*others, piece], rules, account)
    after = judged([*others, with_key(piece, KeyStatus.ACTIVE)], rules, account)
    assert TOWARDS_COMPLIANT.index(after.verdict) <= TOWARDS_COMPLIANT.index(before.verdict)
