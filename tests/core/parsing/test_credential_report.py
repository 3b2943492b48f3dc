"""The root user's row among the rows of a report."""

from datetime import UTC, datetime
from typing import Final

import pytest

from rootsweep.core.evidence import SlotState
from rootsweep.core.parsing.credential_report import columns_of, may_be_root_row, read_credential_report
from rootsweep.errors import InputRefusedError

HEADER: Final = ["user", "arn", "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date"]
ROOT: Final = ["<root_account>", "arn:aws:iam::111122223333:root", "false", "N/A", "N/A"]
HIDDEN: Final = "<Root_Account>,arn:aws:iam::111122223333:root,true,2019-05-06T07:08:09Z,N/A"
USER: Final = ["alice", "arn:aws:iam::111122223333:user/alice", "true", "N/A", "N/A"]


def test_the_root_row_is_found_with_its_account_line_and_time() -> None:
    generated_at = datetime(2026, 9, 11, tzinfo=UTC)
    rows = enumerate([HEADER, USER, ROOT, USER], start=10)
    found = read_credential_report(rows, generated_at=generated_at)
    assert (found.account_id, found.partition, found.line) == ("111122223333", "aws", 12)
    assert found.report.generated_at == generated_at
    assert [slot.state for slot in found.report.slots] == [SlotState.NO_KEY, SlotState.UNREAD]


@pytest.mark.parametrize(
    "partition", ["aws", "aws-us-gov", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"]
)
def test_every_partition_is_read(partition: str) -> None:
    root = [ROOT[0], f"arn:{partition}:iam::111122223333:root", *ROOT[2:]]
    assert read_credential_report(enumerate([HEADER, root]), generated_at=None).partition == partition


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ([], None, "not a credential report"),
        ([["a", "b"], ROOT], None, "not a credential report"),
        ([HEADER], None, "no <root_account> row"),
        ([HEADER, USER], None, "no <root_account> row"),
        ([HEADER, ROOT, USER, ROOT], 3, "a second <root_account> row"),
        ([HEADER, ROOT[:-1]], 1, "this row has 4 columns where the header has 5: the file is cut off"),
        ([HEADER, ROOT, [*USER, ""]], 2, "this row has 6 columns where the header has 5: a field"),
        ([[*HEADER, "ARN "], [*ROOT, ""]], 0, "the column arn comes twice"),
        ([HEADER, ["<root_account>", "", "false", "N/A", "N/A"]], 1, "the ARN in the <root_account> row is not"),
        ([HEADER, ["<root_account>", "arn:aws:iam::1234:root", "false", "N/A", "N/A"]], 1, "the ARN arn:aws:iam::1234:root in"),
        (
            [HEADER, ROOT, ["<root_account>", *USER[1:]]],
            2,
            "the ARN arn:aws:iam::111122223333:user/... in the <root_account> row",
        ),
        ([HEADER, ["<root_account>", "arn:a b", "false", "N/A", "N/A"]], 1, "the ARN in the <root_account> row is not"),
        ([HEADER, [*ROOT[:4], f"N/A\n{HIDDEN}"]], 1, "a quoted field of this row holds a <root_account> row"),
        ([HEADER, ROOT, [*USER[:2], f"\r\n{HIDDEN}", *USER[3:]]], 2, "a quoted field of this row holds a <root_account> row"),
        ([HEADER, ROOT, [f"alice\n{HIDDEN}", *USER[1:]]], 2, "a quoted field of this row holds a <root_account> row"),
        ([[*HEADER, f"cert_1_active\n{HIDDEN}"], [*ROOT, "false"]], 0, "a quoted field of this row holds a <root_account> row"),
        ([[*HEADER, "access_key_10_active", "access_key_10_active"], [*ROOT, "", ""]], 0, "access_key_10_active comes twice"),
        ([HEADER, ["root", "arn:aws:iam::111122223333:root", "false", "N/A", "N/A"]], 1, "is not called <root_account>"),
        ([HEADER, [*ROOT[:2], "fal\u6c00\u7300se", *ROOT[3:]]], 1, "holds characters that AWS never writes there"),
    ],
)
def test_what_is_not_a_report_is_refused(rows: list[list[str]], line: int | None, message: str) -> None:
    with pytest.raises(InputRefusedError, match=message) as caught:
        read_credential_report(enumerate(rows), generated_at=None)
    assert caught.value.line == line


def test_columns_that_are_not_read_may_come_twice() -> None:
    columns = columns_of((*HEADER, "cert_1_active", "cert_1_active", "", ""))
    assert columns.duplicate is None
    assert columns.positions["cert_1_active"] == 5


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",".join(ROOT), True),
        (",".join(USER), False),
        ("root,arn:aws:iam::111122223333:user/root", False),
        ("x,arn:x:root", True),
    ],
)
def test_rows_are_passed_over_fast(row: str, expected: bool) -> None:
    assert may_be_root_row(row) is expected
