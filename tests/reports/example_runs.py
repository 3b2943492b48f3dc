"""Runs of every kind, for the formats to show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rootsweep.core.coverage.gaps import coverage_gaps
from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CredentialReport,
    Denial,
    Evidence,
    KeyStatus,
    LastUsed,
    NoLastUse,
    Observed,
    Origin,
    ReportSlot,
    RootAccessKeys,
    SlotState,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Finding, GrantedException
from rootsweep.core.judging.assess import find
from rootsweep.core.judging.verdict import InactiveKeys, JudgingRules
from rootsweep.core.organization import Account, AccountState, OrganizationalUnit, Scope, ScopeKind
from rootsweep.core.run import LeftOut, RejectedInput, Run

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GENERATED = NOW - timedelta(days=3)
CREATED = datetime(2021, 5, 17, 14, 3, 27, tzinfo=UTC)
ACTIVE = ReportSlot(1, SlotState.ACTIVE, True, CREATED, LastUsed(NOW - timedelta(days=9), "us-east-1", "iam"))
INACTIVE = ReportSlot(2, SlotState.INACTIVE, False, CREATED, NoLastUse.NEVER_RECORDED)
EMPTY = ReportSlot(1, SlotState.NO_KEY, active=False)
EMPTY_2 = ReportSlot(2, SlotState.NO_KEY, active=False)
UNREAD = ReportSlot(2, SlotState.UNREAD, active=None)


def report(*slots: ReportSlot, generated_at: datetime | None = GENERATED) -> Observed:
    return Observed(CredentialReport(generated_at, slots), Origin(Access.FILES, path="reports/report.csv", line=2))


def summary(*, present: bool) -> Observed:
    return Observed(AccountSummary(present), Origin(Access.OWN, NOW, "iam:GetAccountSummary", "0a1b2c3d"))


def finding(
    account_id: str,
    *evidence: Evidence,
    name: str | None = None,
    partition: str = "aws",
    state: AccountState | None = None,
    rules: JudgingRules = JudgingRules(),  # noqa: B008
) -> Finding:
    return find(Account(account_id, name, partition, state), evidence, rules, NOW)


def run(*findings: Finding, rejected: tuple[RejectedInput, ...] = (), complete: bool = True) -> Run:
    scope = Scope(ScopeKind.FILES, complete=complete)
    return Run(NOW - timedelta(seconds=2), NOW, "0.1.0", scope, findings, rejected, coverage_gaps(findings))


def unavailable(
    reason: UnavailableReason,
    api_call: str,
    access: Access,
    advice: str,
    error_code: str = "AccessDenied",
) -> Unavailable:
    return Unavailable(Source.ACCOUNT_SUMMARY, reason, advice, Origin(access, NOW, api_call), error_code)


def unread(piece: Unavailable, denied: tuple[str, str], accounts: dict[str, str]) -> list[Finding]:
    """Give findings of accounts, by id and name, that were all refused in the same way; ``denied``: principal and resource."""
    return [finding(account_id, refused(piece, denied, account_id), name=name) for account_id, name in accounts.items()]


def refused(piece: Unavailable, denied: tuple[str, str], account_id: str) -> Unavailable:
    principal, resource = (text.replace("ID", account_id) for text in denied)
    denial = Denial(principal, piece.origin.api_call or "", resource)
    return replace(piece, advice=piece.advice.replace("ID", account_id), denial=denial)


DENIED = replace(
    unavailable(UnavailableReason.ACCESS_DENIED, "iam:GetAccountSummary", Access.OWN, "allow iam:GetAccountSummary on *"),
    denial=Denial("arn:aws:iam::666677778888:user/auditor", "iam:GetAccountSummary", "*"),
)
EVERY_KIND = run(
    finding("111122223333", report(EMPTY, EMPTY_2), name="clean"),
    finding("222233334444", report(ACTIVE, EMPTY_2), name="active"),
    finding("333344445555", report(EMPTY, INACTIVE), name="inactive"),
    finding("444455556666", report(ACTIVE, INACTIVE, generated_at=None), name="both"),
    finding("555566667777", report(EMPTY, UNREAD), name="unread"),
    finding("666677778888", DENIED, name="denied"),
    finding("777788889999", report(ACTIVE), partition="aws-us-gov", name="govcloud"),
    finding("888899990000", report(EMPTY, EMPTY_2), partition="aws-cn", name="china"),
    finding("999900001111", state=AccountState.CLOSED, name="closed"),
    finding("000011112222", summary(present=True), name="summary only"),
    finding("000022223333", report(EMPTY, EMPTY_2), report(EMPTY, EMPTY_2, generated_at=CREATED), name="several"),
    finding("000033334444", report(EMPTY, INACTIVE), rules=JudgingRules(InactiveKeys.ALLOW), name="allowed"),
    rejected=(RejectedInput("notes.txt", None, "this is not evidence; give a report"), RejectedInput("cut.csv", 4, "cut off")),
)
NAMES = run(
    *(
        finding(f"1111222200{number:02}", report(EMPTY if number % 2 else ACTIVE, EMPTY_2), name=name)
        for number, name in enumerate(
            [
                "本番環境アカウント",
                "חשבון ייצור",
                "प्रोडक्शन",
                "👩\u200d💻 team",
                "[bold red]markup[/]",
                "\x1b[31mescape\x1b[0m\r\nline",
                "right\u202eto left",
                "a-name-without-any-blank-" * 6,
                "",
            ]
        )
    )
)
CLEAN = run(finding("111122223333", report(EMPTY, EMPTY_2)))
EMPTY_RUN = run()
INCOMPLETE = run(finding("111122223333", summary(present=False)), complete=False)
MANY = run(
    *(finding(f"{100000000000 + number}", report(ACTIVE if number % 50 == 0 else EMPTY, EMPTY_2)) for number in range(500))
)
UNREAD_ACCOUNTS = run(
    finding("111122223333", report(EMPTY, EMPTY_2), name="clean"),
    finding("222233334444", report(ACTIVE, EMPTY_2), name="active"),
    *unread(
        unavailable(
            UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY,
            "iam:ListAccessKeys",
            Access.ROOT_SESSION,
            'add the condition "Null": {"aws:AssumedRoot": "true"} to the statement that denies the root user',
        ),
        ("arn:aws:iam::ID:root", "arn:aws:iam::ID:root"),
        {f"{300000000000 + number}": f"workload-{number:02}" for number in range(21)},
    ),
    *unread(
        unavailable(
            UnavailableReason.ROLE_NOT_ASSUMABLE,
            "sts:AssumeRole",
            Access.ROLE,
            "create the role arn:aws:iam::ID:role/RootAudit, let its trust policy name the caller",
        ),
        ("arn:aws:iam::999988887777:user/auditor", "arn:aws:iam::ID:role/RootAudit"),
        {f"{400000000000 + number}": f"acquired company {number}, whose name is long" for number in range(12)},
    ),
    *unread(
        unavailable(
            UnavailableReason.ACCESS_DENIED,
            "iam:GetAccountSummary",
            Access.ROLE,
            "allow iam:GetAccountSummary on * to role RootAudit of account ID",
        ),
        ("arn:aws:sts::ID:assumed-role/RootAudit/rootsweep-audit", "*"),
        {"500000000001": "sandbox", "500000000002": "本番環境アカウント"},
    ),
    finding(
        "600000000001",
        unavailable(UnavailableReason.THROTTLED, "sts:AssumeRole", Access.ROLE, "audit again", "Throttling"),
        name="busy",
    ),
    finding("700000000001", name="nothing given"),
)


def key(key_id: str, *, active: bool, last_use: LastUsed | NoLastUse = NoLastUse.NEVER_RECORDED) -> AccessKey:
    return AccessKey(key_id, KeyStatus.ACTIVE if active else KeyStatus.INACTIVE, CREATED, last_use)


def listed(*keys: AccessKey) -> Observed:
    return Observed(RootAccessKeys(keys), Origin(Access.ROOT_SESSION, NOW, "iam:ListAccessKeys", "7d3c1e90"))


def excepted(found: Finding, reason: str, ticket: str | None = "SEC-1204") -> Finding:
    granted = GrantedException("ana.souza@example.com", reason, ticket, NOW + timedelta(days=120))
    return replace(found, exception=granted)


ROOT = "o-a1b2c3d4e5/r-ab12/"
WORKLOADS = f"{ROOT}ou-ab12-11111111/"
PRODUCTION = f"{WORKLOADS}ou-ab12-22222222/"


def member(found: Finding, path: str | None, *, is_management_account: bool = False) -> Finding:
    return replace(found, account=replace(found.account, path=path, is_management_account=is_management_account))


EXCEPTED = run(
    excepted(finding("222233334444", report(ACTIVE, EMPTY_2), name="build farm"), "The appliance knows no roles."),
    excepted(finding("333344445555", report(EMPTY, INACTIVE)), '=cmd|"/C calc"!A1 <script>alert(1)</script>\u202e', None),
    finding("444455556666", report(EMPTY, EMPTY_2), name="clean"),
)
ORGANIZATION = replace(
    run(
        member(finding("111122223333", listed(key("AKIAQNZGKIQY56JQ7WML", active=True)), name="management"), ROOT),
        member(finding("111122223334", listed(), summary(present=False), report(EMPTY, EMPTY_2), name="clean"), PRODUCTION),
        member(
            finding(
                "222233334444",
                listed(
                    key("AKIAQNZGKIQY56JQ7WMM", active=True, last_use=LastUsed(NOW - timedelta(days=2), "eu-west-1", "s3")),
                    key("AKIAQNZGKIQY56JQ7WMN", active=False),
                ),
                summary(present=True),
                name="payments",
            ),
            PRODUCTION,
        ),
        member(finding("333344445555", DENIED, name="refused"), WORKLOADS),
        member(finding("444455556666", state=AccountState.SUSPENDED, name="suspended"), WORKLOADS),
        member(finding("555566667777", listed(), name="of no known unit"), None),
    ),
    scope=Scope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5", complete=True),
    units=(
        OrganizationalUnit("r-ab12", "Root"),
        OrganizationalUnit("ou-ab12-11111111", "Workloads"),
        OrganizationalUnit("ou-ab12-22222222", "Production"),
    ),
)
LEFT_OUT = replace(
    run(finding("111122223333", report(EMPTY, EMPTY_2), name="clean")),
    left_out=(
        LeftOut("evidence/444455556666.csv", "444455556666", Source.CREDENTIAL_REPORT, shows_key=False),
        LeftOut("evidence/\u202e=777788889999 <b>|.json", "777788889999", Source.ACCOUNT_SUMMARY, shows_key=True),
    ),
)
EXAMPLES = {
    "every-kind": EVERY_KIND,
    "names": NAMES,
    "clean": CLEAN,
    "empty": EMPTY_RUN,
    "incomplete": INCOMPLETE,
    "unread": UNREAD_ACCOUNTS,
    "many": MANY,
    "excepted": EXCEPTED,
    "organization": ORGANIZATION,
    "left-out": LEFT_OUT,
}
