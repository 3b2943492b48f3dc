"""One row for every account in scope, whatever was given."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from rootsweep.auditing.judging import Judging, SavedEvidence, gather_saved
from rootsweep.auditing.sources.files import read_evidence
from rootsweep.core.evidence import Source
from rootsweep.core.finding import Verdict
from rootsweep.core.judging.verdict import JudgingRules
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import LeftOut, RejectedInput, Run
from tests.auditing.sources.files import saved_files

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OTHER = "999988887777"
REPORT = saved_files.lines([saved_files.HEADER, saved_files.root()])


def saved(folder: Path, *account_ids: str) -> tuple[SavedEvidence, list[RejectedInput]]:
    told: list[RejectedInput] = []
    pieces = read_evidence([str(folder)], account_ids=account_ids, stdin=BytesIO())
    return gather_saved(pieces, account_ids, told.append), told


def judged(evidence: SavedEvidence) -> Run:
    return Judging(JudgingRules(), lambda: NOW, evidence).run(NOW, Scope(ScopeKind.FILES))


def test_every_account_with_evidence_has_one_row_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT.replace(saved_files.ACCOUNT, OTHER))
    (tmp_path / "b.csv").write_text(REPORT)
    (tmp_path / "c.csv").write_text(REPORT)
    run = judged(saved(tmp_path)[0])
    assert [finding.account.id for finding in run.findings] == [saved_files.ACCOUNT, OTHER]
    assert (run.scope.kind, run.scope.partition) == (ScopeKind.FILES, "aws")
    assert len(run.findings[0].evidence) == 2


def test_named_accounts_are_the_scope(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT)
    evidence, _ = saved(tmp_path, OTHER)
    run = judged(evidence)
    assert [(finding.account.id, finding.verdict) for finding in run.findings] == [(OTHER, Verdict.INSUFFICIENT_DATA)]
    assert evidence.usable == 0
    assert run.left_out == (LeftOut(str(tmp_path / "a.csv"), saved_files.ACCOUNT, Source.CREDENTIAL_REPORT, shows_key=False),)


def test_left_out_evidence_says_whether_it_shows_a_key(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_active="true")]))
    (tmp_path / f"b-{saved_files.ACCOUNT}.json").write_text('{"SummaryMap": {"AccountAccessKeysPresent": 1}}')
    (tmp_path / f"c-{saved_files.ACCOUNT}.json").write_text('{"SummaryMap": {}}')
    run = judged(saved(tmp_path, OTHER)[0])
    assert [(one.source.value, one.shows_key) for one in run.left_out] == [
        ("credential_report", True),
        ("account_summary", True),
        ("account_summary", False),
    ]


def test_an_excluded_account_has_no_row_even_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT)
    accounts = (saved_files.ACCOUNT, OTHER)
    pieces = read_evidence([str(tmp_path)], account_ids=accounts, stdin=BytesIO())
    run = judged(gather_saved(pieces, accounts, lambda _: None, frozenset({saved_files.ACCOUNT})))
    assert [finding.account.id for finding in run.findings] == [OTHER]
    assert [one.account_id for one in run.left_out] == [saved_files.ACCOUNT]


def test_a_file_named_for_another_account_warns_and_leaves_that_account_unproven(tmp_path: Path) -> None:
    path = tmp_path / OTHER / "report.csv"
    path.parent.mkdir()
    path.write_text(REPORT)
    run = judged(saved(tmp_path)[0])
    holder, named = run.findings
    assert (holder.account.id, holder.verdict) == (saved_files.ACCOUNT, Verdict.COMPLIANT)
    [warning] = [one for one in holder.warnings if one.code == "file_named_for_another_account"]
    assert str(path) in warning.message
    assert OTHER in warning.message
    assert (named.account.id, named.verdict) == (OTHER, Verdict.INSUFFICIENT_DATA)
    assert [reason.code for reason in named.reasons] == ["no_evidence"]


def test_a_folder_with_the_evidence_of_several_accounts_names_none(tmp_path: Path) -> None:
    folder = tmp_path / "audit-bucket-123412341234" / "2026"
    folder.mkdir(parents=True)
    (folder / "production.csv").write_text(REPORT)
    (folder / "development.csv").write_text(REPORT.replace(saved_files.ACCOUNT, OTHER))
    run = judged(saved(tmp_path)[0])
    assert [finding.account.id for finding in run.findings] == [saved_files.ACCOUNT, OTHER]
    assert "file_named_for_another_account" not in {one.code for finding in run.findings for one in finding.warnings}


def test_a_folder_with_evidence_of_the_account_in_its_name_is_named_for_that(tmp_path: Path) -> None:
    folder = tmp_path / OTHER
    folder.mkdir()
    (folder / "report.csv").write_text(REPORT)
    (folder / "summary.json").write_text('{"SummaryMap": {"AccountAccessKeysPresent": 0}}')
    run = judged(saved(tmp_path)[0])
    assert "file_named_for_another_account" in {one.code for one in run.findings[0].warnings}


def test_an_account_that_was_not_asked_for_gets_no_row_by_a_name(tmp_path: Path) -> None:
    (tmp_path / f"{OTHER}.csv").write_text(REPORT)
    run = judged(saved(tmp_path, saved_files.ACCOUNT)[0])
    assert [finding.account.id for finding in run.findings] == [saved_files.ACCOUNT]


def test_an_account_that_has_evidence_of_its_own_keeps_it(tmp_path: Path) -> None:
    (tmp_path / f"{OTHER}.csv").write_text(REPORT)
    (tmp_path / "other.csv").write_text(REPORT.replace(saved_files.ACCOUNT, OTHER))
    run = judged(saved(tmp_path)[0])
    assert [finding.verdict for finding in run.findings] == [Verdict.COMPLIANT, Verdict.COMPLIANT]


def test_a_named_account_learns_its_partition_from_its_evidence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT.replace("arn:aws:", "arn:aws-us-gov:"))
    run = judged(saved(tmp_path, saved_files.ACCOUNT)[0])
    assert run.findings[0].account.partition == "aws-us-gov"


def test_a_refusal_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    evidence, told = saved(tmp_path)
    assert [Path(refused.path).name for refused in told] == ["notes.txt"]
    assert judged(evidence).rejected_inputs == tuple(told)
