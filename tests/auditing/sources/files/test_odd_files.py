"""One file per row: what people, systems and spreadsheets make of evidence, and exactly what is read from it."""

import base64
import codecs
import json
from typing import Final

import pytest

from tests.auditing.sources.files.saved_files import (
    ACCOUNT,
    ACTIVE,
    CLEAN,
    CREATED,
    HEADER,
    INACTIVE,
    ROOT_ARN,
    Report,
    Summary,
    answer,
    encoded,
    lines,
    outcome,
    read,
    report,
    root,
    row,
    user,
    without,
)

READ: Final[dict[str, tuple[str | bytes, Report | Summary]]] = {
    "a report as AWS writes it": (CLEAN, Report("NO_KEY NO_KEY")),
    "without a final newline": (CLEAN.rstrip("\n"), Report("NO_KEY NO_KEY")),
    "with CRLF": (report(root(), user("alice"), end="\r\n"), Report("NO_KEY NO_KEY")),
    "with the CR of an old Mac": (report(root(), user("alice"), end="\r"), Report("NO_KEY NO_KEY")),
    "with CR and no final newline": (report(root(), user("alice"), end="\r").rstrip("\r"), Report("NO_KEY NO_KEY")),
    "with blank lines anywhere": ("\n\n" + CLEAN.replace("\n", "\n\n") + "  \n\n", Report("NO_KEY NO_KEY", line=5)),
    "with rows of separators alone, as spreadsheets leave": (CLEAN + "," * 21 + "\n", Report("NO_KEY NO_KEY")),
    "UTF-8 with a byte order mark": (codecs.BOM_UTF8 + CLEAN.encode(), Report("NO_KEY NO_KEY")),
    "UTF-16 little-endian, as PowerShell writes": (codecs.BOM_UTF16_LE + CLEAN.encode("utf-16-le"), Report("NO_KEY NO_KEY")),
    "UTF-16 big-endian": (codecs.BOM_UTF16_BE + CLEAN.encode("utf-16-be"), Report("NO_KEY NO_KEY")),
    "semicolons": (report(root(**ACTIVE), delimiter=";"), Report("ACTIVE NO_KEY")),
    "tabs in UTF-16, as Excel's Unicode text": (
        report(root(**ACTIVE), delimiter="\t", end="\r\n").encode("utf-16"),
        Report("ACTIVE NO_KEY"),
    ),
    "Excel's separator line": ("sep=;\r\n" + report(root(), delimiter=";", end="\r\n"), Report("NO_KEY NO_KEY", line=3)),
    "Excel's separator line after a byte order mark": (
        codecs.BOM_UTF8 + ("sep=,\n" + CLEAN).encode(),
        Report("NO_KEY NO_KEY", line=3),
    ),
    "every field quoted": ('"' + CLEAN.strip().replace(",", '","').replace("\n", '"\n"') + '"', Report("NO_KEY NO_KEY")),
    "a user name with a comma": (
        report(user('"smith,john"'), root(**INACTIVE)),
        Report("INACTIVE NO_KEY", line=3),
    ),
    "a quoted field with a line break before the root row": (
        report(user('"two\nlines"'), root()),
        Report("NO_KEY NO_KEY", line=4),
    ),
    "the root row last": (report(user("alice"), user("bob"), root(**ACTIVE)), Report("ACTIVE NO_KEY", line=4)),
    "an IAM user who is called root": (report(user("root", **ACTIVE), root()), Report("NO_KEY NO_KEY", line=3)),
    "spaces around the root row's name and ARN": (
        report(row(" <ROOT_ACCOUNT> ", f" {ROOT_ARN} ", **ACTIVE)),
        Report("ACTIVE NO_KEY"),
    ),
    "23 columns": (
        lines([[*HEADER, "additional_credentials_info"], [*root(), "N/A"]]),
        Report("NO_KEY NO_KEY"),
    ),
    "23 columns that count a further key": (
        lines([[*HEADER, "additional_credentials_info"], [*root(), "1 access key; list them with ListAccessKeys"]]),
        Report("NO_KEY NO_KEY UNREAD"),
    ),
    "columns unknown to us": (lines([["x", *HEADER, "x", ""], ["1", *root(**ACTIVE), "2", ""]]), Report("ACTIVE NO_KEY")),
    "columns in another order": (lines([HEADER[::-1], root(**ACTIVE)[::-1]]), Report("ACTIVE NO_KEY")),
    "a header in capitals with spaces": (
        lines([[f" {name.upper()} " for name in HEADER], root(**ACTIVE)]),
        Report("ACTIVE NO_KEY"),
    ),
    "no access_key_1_active column": (without("access_key_1_active", root()), Report("UNREAD NO_KEY")),
    "no access_key_1_active column but a date": (without("access_key_1_active", root(**ACTIVE)), Report("UNKNOWN NO_KEY")),
    "no access_key_2_last_rotated column": (without("access_key_2_last_rotated", root()), Report("NO_KEY UNREAD")),
    "no access_key_2_last_used_date column": (without("access_key_2_last_used_date", root()), Report("NO_KEY UNREAD")),
    "no access key column at all": (f"user,arn\n<root_account>,{ROOT_ARN}\n", Report("UNREAD UNREAD")),
    "booleans in capitals": (report(root(access_key_1_active="TRUE", access_key_2_active="FALSE")), Report("ACTIVE NO_KEY")),
    "booleans of a German Excel": (
        report(root(access_key_1_active="WAHR", access_key_1_last_rotated=CREATED, access_key_2_active="FALSCH")),
        Report("UNKNOWN UNREAD"),
    ),
    "an inactive key that keeps its date": (report(root(**INACTIVE)), Report("INACTIVE NO_KEY")),
    "an inactive key with a last use only": (
        report(root(access_key_2_last_used_date="2021-03-04T05:06:07+00:00")),
        Report("NO_KEY INACTIVE"),
    ),
    "an active key whose date a spreadsheet rewrote": (
        report(root(access_key_1_active="true", access_key_1_last_rotated="06/05/2019 07:08")),
        Report("ACTIVE NO_KEY"),
    ),
    "an inactive key whose date a spreadsheet rewrote": (
        report(root(access_key_1_last_rotated="06/05/2019 07:08")),
        Report("UNREAD NO_KEY"),
    ),
    "an empty date": (report(root(access_key_1_last_rotated="")), Report("UNREAD NO_KEY")),
    "an empty active column": (report(root(access_key_1_active="")), Report("UNREAD NO_KEY")),
    "active not_supported": (report(root(access_key_1_active="not_supported")), Report("UNREAD NO_KEY")),
    "every placeholder of a use": (
        report(root(access_key_1_last_used_date="no_information", access_key_2_last_used_date="not_supported")),
        Report("NO_KEY NO_KEY"),
    ),
    "a placeholder that does not say that there is no key": (
        report(root(access_key_1_last_rotated="no_information")),
        Report("UNREAD NO_KEY"),
    ),
    "a date of a program that knows none": (
        report(root(access_key_1_last_rotated="0001-01-01T00:00:00+00:00")),
        Report("UNREAD NO_KEY"),
    ),
    "a tenth key": (
        lines([[*HEADER, "access_key_10_active"], [*root(), "true"]]),
        Report("NO_KEY NO_KEY ACTIVE"),
    ),
    "a service that used a key without a date": (report(root(access_key_1_last_used_service="s3")), Report("UNREAD NO_KEY")),
    "AWS GovCloud (US)": (
        report(row("<root_account>", f"arn:aws-us-gov:iam::{ACCOUNT}:root")),
        Report("NO_KEY NO_KEY", account=f"aws-us-gov {ACCOUNT}"),
    ),
    "an isolated partition": (
        report(row("<root_account>", f"arn:aws-iso-b:iam::{ACCOUNT}:root")),
        Report("NO_KEY NO_KEY", account=f"aws-iso-b {ACCOUNT}"),
    ),
    "the European sovereign cloud": (
        report(row("<root_account>", f"arn:aws-eusc:iam::{ACCOUNT}:root")),
        Report("NO_KEY NO_KEY", account=f"aws-eusc {ACCOUNT}"),
    ),
    "an account id with leading zeros": (
        report(row("<root_account>", "arn:aws:iam::000000000012:root")),
        Report("NO_KEY NO_KEY", account="aws 000000000012"),
    ),
    "JSON of the AWS CLI": (answer(CLEAN), Report("NO_KEY NO_KEY", generated_at="2026-09-11T13:15:19+00:00")),
    "JSON of the AWS CLI in UTF-16": (
        answer(report(root(**ACTIVE))).encode("utf-16"),
        Report("ACTIVE NO_KEY", generated_at="2026-09-11T13:15:19+00:00"),
    ),
    "JSON with a time as a number": (
        answer(CLEAN, GeneratedTime=1757596519.5),
        Report("NO_KEY NO_KEY", generated_at="2025-09-11T13:15:19.500000+00:00"),
    ),
    "JSON with a time that cannot be read": (answer(CLEAN, GeneratedTime="yesterday"), Report("NO_KEY NO_KEY")),
    "JSON with a time beyond all times": (answer(CLEAN, GeneratedTime=1e300), Report("NO_KEY NO_KEY")),
    "JSON with base64 in several lines": (
        answer(CLEAN, Content=base64.encodebytes(CLEAN.encode()).decode()),
        Report("NO_KEY NO_KEY", generated_at="2026-09-11T13:15:19+00:00"),
    ),
    "base64 text alone": (encoded(CLEAN), Report("NO_KEY NO_KEY")),
    "base64 text in lines with CRLF": (
        base64.encodebytes(report(root(**ACTIVE)).encode()).replace(b"\n", b"\r\n"),
        Report("ACTIVE NO_KEY"),
    ),
    "the AWS CLI's text": (
        f"{encoded(CLEAN)}\t2026-09-11T13:15:19+00:00\ttext/csv\n",
        Report("NO_KEY NO_KEY", generated_at="2026-09-11T13:15:19+00:00"),
    ),
    "a summary without keys": (json.dumps({"SummaryMap": {"Users": 3, "AccountAccessKeysPresent": 0}}), Summary(present=False)),
    "a summary with a key": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": 1}}), Summary(present=True)),
    "a summary with another number": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": 2}}), Summary(present=True)),
    "a summary's map alone": (json.dumps({"AccountAccessKeysPresent": 1, "Users": 3}), Summary(present=True)),
    "a summary with text": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": "1"}}), Summary(present=True)),
    "a summary with a boolean": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": False}}), Summary(present=False)),
    "a summary without the field": (json.dumps({"SummaryMap": {"Users": 3}}), Summary(present=None)),
    "the benchmark's one line": ('    "AccountAccessKeysPresent": 0,\n', Summary(present=False, line=1)),
    "the benchmark's one line without a comma": ('"AccountAccessKeysPresent":1', Summary(present=True, line=1)),
    "the benchmark's one line in UTF-16 with CRLF": (
        '\r\n    "AccountAccessKeysPresent": 1,\r\n\r\n'.encode("utf-16"),
        Summary(present=True, line=2),
    ),
    "the line with grep's file name and number": (
        'iam/summary.json:12:        "AccountAccessKeysPresent": 1,\n',
        Summary(present=True, line=1),
    ),
    "the line after its command": (
        '$ aws iam get-account-summary | grep "AccountAccessKeysPresent"\n"AccountAccessKeysPresent": 0,\n',
        Summary(present=False, line=2),
    ),
    "the line of a drawn table": ("||  AccountAccessKeysPresent      |  1   ||\n", Summary(present=True, line=1)),
    "a drawn table": (
        "---\n| GetAccountSummary |\n+---+\n||  SummaryMap  ||\n+---+\n||  AccountAccessKeysPresent | 1 ||\n|| Users | 3 ||\n",
        Summary(present=True, line=6),
    ),
    "an excerpt of the JSON": (
        '    "GroupPolicySizeQuota": 5120,\n    "AccountAccessKeysPresent": 0,\n    "Users": 27\n}\n--\n',
        Summary(present=False, line=2),
    ),
    "YAML": ("SummaryMap:\n  AccountAccessKeysPresent: 0\n  Users: 3\n", Summary(present=False, line=2)),
}


@pytest.mark.parametrize(("content", "expected"), READ.values(), ids=READ)
def test_the_file_becomes_exactly(content: str | bytes, expected: Report | Summary) -> None:
    assert list(map(outcome, read(content))) == [expected]
