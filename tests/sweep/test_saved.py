"""One row for every account in scope, whatever was given."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from rootsweep.model.finding import Verdict
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import RejectedInput, Run
from rootsweep.sources.files import read_evidence
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.sweep.judging import Judging
from rootsweep.sweep.saved import gather
from rootsweep.verdict import JudgingRules
from tests.sources.files import saved_files

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OTHER = "999988887777"
REPORT = saved_files.lines([saved_files.HEADER, saved_files.root()])


def gathered(folder: Path, *account_ids: str) -> tuple[GatheredEvidence, list[RejectedInput]]:
    told: list[RejectedInput] = []
    pieces = read_evidence([str(folder)], account_ids=account_ids, stdin=BytesIO())
    return gather(pieces, account_ids, told.append), told


def judged(evidence: GatheredEvidence) -> Run:
    return Judging(JudgingRules(), lambda: NOW, evidence).run(NOW, Scope(ScopeKind.FILES), evidence.rejected)


def test_every_account_with_evidence_has_one_row_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT.replace(saved_files.ACCOUNT, OTHER))
    (tmp_path / "b.csv").write_text(REPORT)
    (tmp_path / "c.csv").write_text(REPORT)
    run = judged(gathered(tmp_path)[0])
    assert [finding.account.id for finding in run.findings] == [saved_files.ACCOUNT, OTHER]
    assert (run.scope.kind, run.scope.partition) == (ScopeKind.FILES, "aws")
    assert len(run.findings[0].evidence) == 2


def test_named_accounts_are_the_scope(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT)
    evidence, _ = gathered(tmp_path, OTHER)
    run = judged(evidence)
    assert [(finding.account.id, finding.verdict) for finding in run.findings] == [(OTHER, Verdict.INSUFFICIENT_DATA)]
    assert (evidence.out_of_scope, evidence.usable) == ({saved_files.ACCOUNT}, 0)


def test_a_named_account_learns_its_partition_from_its_evidence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(REPORT.replace("arn:aws:", "arn:aws-us-gov:"))
    run = judged(gathered(tmp_path, saved_files.ACCOUNT)[0])
    assert run.findings[0].account.partition == "aws-us-gov"


def test_a_refusal_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    evidence, told = gathered(tmp_path)
    assert [Path(refused.path).name for refused in told] == ["notes.txt"]
    assert judged(evidence).rejected_inputs == tuple(told)
