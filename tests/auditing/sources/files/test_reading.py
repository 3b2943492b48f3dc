"""Paths to evidence: accounts, origins, and a folder in which one file is bad."""

import base64
import io
import json
import os
import threading
from pathlib import Path

from rootsweep.auditing.sources.files import FileEvidence, read_evidence
from rootsweep.core.evidence import Access, AccountSummary, Observed, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.organization import Account
from rootsweep.core.run import RejectedInput
from tests.auditing.sources.files.saved_files import ACCOUNT, ASKED_FOR, CLEAN, Report, outcome


def read(*paths: Path | str, account_ids: list[str] | None = None) -> list[FileEvidence | RejectedInput]:
    return list(read_evidence([str(path) for path in paths], account_ids=account_ids or [], stdin=io.BytesIO(CLEAN.encode())))


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(CLEAN)
    (tmp_path / "2.csv").write_text("hello")
    (tmp_path / "3.csv").symlink_to("gone")
    (tmp_path / "4.csv").write_text(CLEAN)
    results = read(tmp_path, "-")
    assert [isinstance(result, FileEvidence) for result in results] == [True, False, False, True, True]
    assert [result.path for result in results if isinstance(result, RejectedInput)] == [
        str(tmp_path / "2.csv"),
        str(tmp_path / "3.csv"),
    ]


def test_a_report_belongs_to_the_account_of_its_arn_and_remembers_what_its_name_says(tmp_path: Path) -> None:
    path = tmp_path / f"{ASKED_FOR}.csv"
    path.write_text(CLEAN)
    [result] = read(path, account_ids=[ASKED_FOR])
    assert isinstance(result, FileEvidence)
    assert result.account == Account(ACCOUNT, partition="aws")
    assert result.evidence.origin == Origin(Access.FILES, path=str(path), line=2, named_for=ASKED_FOR)


def test_a_summary_belongs_to_the_account_that_it_names_itself(tmp_path: Path) -> None:
    path = tmp_path / f"{ASKED_FOR}-summary.json"
    path.write_text(json.dumps({"Account": ACCOUNT, "SummaryMap": {"AccountAccessKeysPresent": 1}}))
    [result] = read(path, account_ids=[ASKED_FOR])
    assert isinstance(result, FileEvidence)
    assert result.account == Account(ACCOUNT)
    assert result.evidence.origin.named_for == ASKED_FOR


def test_lines_of_a_summary_may_name_its_account(tmp_path: Path) -> None:
    path = tmp_path / f"{ASKED_FOR}.yaml"
    path.write_text(f"Account: '{ACCOUNT}'\nSummaryMap:\n  AccountAccessKeysPresent: 1\n  Users: 3\n")
    [result] = read(path)
    assert isinstance(result, FileEvidence)
    assert (result.account.id, result.evidence.origin.named_for) == (ACCOUNT, ASKED_FOR)
    path.write_text(f"account_id={ACCOUNT}\nAccountAccessKeysPresent: 1\naccount_id={ASKED_FOR}\n")
    [refused] = read(path)
    assert isinstance(refused, RejectedInput)
    assert (refused.line, refused.reason.partition(";")[0]) == (3, "a second line names another account")


def test_a_report_whose_document_names_another_account_is_named_for_that(tmp_path: Path) -> None:
    path = tmp_path / f"{ACCOUNT}.json"
    path.write_text(json.dumps({"AccountId": ASKED_FOR, "Content": base64.b64encode(CLEAN.encode()).decode()}))
    [result] = read(path)
    assert isinstance(result, FileEvidence)
    assert (result.account.id, result.evidence.origin.named_for) == (ACCOUNT, ASKED_FOR)


def test_a_summary_belongs_to_the_account_that_its_folder_names(tmp_path: Path) -> None:
    path = tmp_path / ACCOUNT / "summary.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"SummaryMap": {"AccountAccessKeysPresent": 1}}))
    assert read(tmp_path, account_ids=[ASKED_FOR]) == [
        FileEvidence(
            Account(ACCOUNT),
            Observed(AccountSummary(access_keys_present=True), Origin(Access.FILES, path=str(path))),
            str(path.parent),
        )
    ]


def test_a_summary_without_an_account_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    path.write_text(json.dumps({"SummaryMap": {"AccountAccessKeysPresent": 1}}))
    assert read(path) == [
        RejectedInput(
            str(path),
            None,
            "this account summary does not name its account; put its 12-digit id in the name of the file or folder, "
            "with no letter or digit next to it, or pass one --account",
        )
    ]


def test_a_summary_without_the_field_is_unavailable_evidence(tmp_path: Path) -> None:
    path = tmp_path / f"{ACCOUNT}.json"
    path.write_text('{"SummaryMap": {}}')
    [result] = read(path)
    assert isinstance(result, FileEvidence)
    assert isinstance(result.evidence, Unavailable)
    assert (result.evidence.source, result.evidence.reason) == (Source.ACCOUNT_SUMMARY, UnavailableReason.FIELD_ABSENT)
    assert "aws iam get-account-summary" in result.evidence.advice


def test_a_pipe_that_gives_its_bytes_in_parts_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    text = CLEAN.encode()

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            for start in range(0, len(text), 7):
                pipe.write(text[start : start + 7])

    writer = threading.Thread(target=write)
    writer.start()
    [result] = read(path)
    writer.join()
    assert outcome(result) == Report("NO_KEY NO_KEY")


def test_a_name_that_is_not_unicode_is_read_and_shown(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")
    Path(path).write_text(CLEAN)
    [result] = read(tmp_path)
    assert isinstance(result, FileEvidence)
    assert result.evidence.origin.path == f"{tmp_path}/\\udcff.csv"


def test_json_beyond_64_mib_is_refused() -> None:
    stdin = io.BytesIO(b"{" + b" " * 64 * 1024 * 1024)
    [result] = read_evidence(["-"], account_ids=[], stdin=stdin)
    assert isinstance(result, RejectedInput)
    assert result.reason.startswith("this file is larger than 64 MiB, too large for anything but a CSV report; ")
