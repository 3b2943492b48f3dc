"""One file per row: what is not evidence, and the exact line and sentence by which it is refused."""

import codecs
import gzip
import json
from typing import Final

import pytest

from tests.auditing.sources.files.saved_files import (
    ACCOUNT,
    ACTIVE,
    CLEAN,
    HEADER,
    ROOT_ARN,
    Refused,
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
    zipped,
)

AGAIN: Final = "download the report again and keep the file as AWS wrote it"
EVIDENCE_IS: Final = "give a credential report (CSV or the AWS CLI's JSON) or an account summary"
ANSWER_IS: Final = "give the output of `aws iam get-credential-report` or `aws iam get-account-summary`"
REPORT_AGAIN: Final = "save the output of `aws iam get-credential-report --output json` again"
SUMMARY_AGAIN: Final = "save the output of `aws iam get-account-summary --output json` again"
QUOTING: Final = (
    f"the quoting is broken: a quoted field is not closed, is followed by other text, or is longer than 128 KiB; {AGAIN}"
)
NO_HEADER: Final = (
    f"the first line is not the header of a credential report (user, arn, ... between commas, semicolons or tabs); {AGAIN}"
)
NO_ROOT_ROW: Final = f"no <root_account> row in this credential report; {AGAIN}"
NOT_EVIDENCE: Final = f"this is not evidence: neither a credential report nor an account summary; {EVIDENCE_IS}"
BINARY: Final = "this is a binary file, or UTF-16 without a byte order mark; save it as UTF-8"
NOT_UTF_8: Final = "this line holds bytes that are not UTF-8; save the file as UTF-8"
NUL: Final = "this line holds NUL bytes: it is not text, or UTF-16 without a byte order mark; save the file as UTF-8"
EMPTY: Final = "this file is empty; save the evidence again"
OTHER_JSON: Final = f"this JSON is of another kind: neither a credential report nor an account summary; {ANSWER_IS}"
SEVERAL: Final = (
    "this file holds several answers of AWS, and not each names its account; "
    "save the answer of each account in a file of its own, with the account id in its name"
)
ONE_PER_FILE: Final = "save the output for each account in a file of its own, with the account id in its name"
NO_REPORT: Final = f"this is not a credential report: no header with the columns user and arn; {AGAIN}"
SAVE_AS_CSV: Final = "save the sheet that holds the report as CSV and give that"
LIST_JSON: Final = f"this JSON is not an answer of AWS: it is a list or a bare value; {ANSWER_IS}"
BROKEN_JSON: Final = "this is not valid JSON: it is cut off or was edited; save the output again"
TWICE_JSON: Final = "this JSON names a key twice, so that it is ambiguous; save the output again"
DEEP_JSON: Final = f"this JSON is nested too deeply to be an answer of AWS; {ANSWER_IS}"
BASE64: Final = f"the content of this report is not valid base64: it is cut off or was changed; {REPORT_AGAIN}"
SECRET: Final = (
    "this file holds secret credentials, not evidence; keep it away from the evidence, and delete it if nobody needs it"
)
CLI_ERROR: Final = (
    "this is an error message of the AWS CLI, not evidence; run the command again with credentials that may read it"
)
PAGE: Final = f"this is an HTML page, not evidence; {EVIDENCE_IS}"
XML: Final = "this is XML; save the output of the AWS CLI with --output json"
UNPACK: Final = "unpack it and give the files inside"
FLAG: Final = f"the value of AccountAccessKeysPresent is not a number; {SUMMARY_AGAIN}"
NO_VALUE: Final = f"this line names AccountAccessKeysPresent but does not show its value; {SUMMARY_AGAIN}"
MORE_THAN_A_SUMMARY: Final = (
    "this text is more than an account summary: it may be an explanation of one; "
    "save the output of `aws iam get-account-summary --output json`"
)


def width(found: int, cause: str) -> str:
    return f"this row has {found} columns where the header has 22: {cause}; {AGAIN}"


def twice(column: str) -> str:
    return f"the column {column} comes twice in the header; {AGAIN}"


CUT_OFF: Final = "the file is cut off or was edited"
UNQUOTED: Final = "a field that holds a separator is not quoted"

REFUSED: Final[dict[str, tuple[str | bytes, Refused]]] = {
    "an empty file": ("", Refused(None, EMPTY)),
    "blank space": (" \r\n\t\n", Refused(None, EMPTY)),
    "a byte order mark alone": (codecs.BOM_UTF8, Refused(None, EMPTY)),
    "a header alone": (report(), Refused(None, NO_ROOT_ROW)),
    "no root row": (report(user("alice"), user("root")), Refused(None, NO_ROOT_ROW)),
    "no header": (lines([root(), user("alice")]), Refused(None, NO_HEADER)),
    "no header and the root row second": (lines([user("alice"), root()]), Refused(None, NO_HEADER)),
    "a title above the header": ("Credential report of production\n" + CLEAN, Refused(None, NO_HEADER)),
    "another delimiter": (report(root(), delimiter="|"), Refused(None, NO_HEADER)),
    "two root rows and no arn column": (
        without("arn", root(), user("alice"), root(**ACTIVE)),
        Refused(
            4,
            "a second <root_account> row (the first is on line 2), and no column arn tells them apart; "
            "give each account's report as a file of its own, or keep the column arn",
        ),
    ),
    "a root row with a shell's prompt behind it": (
        report(root())[:-1] + "[user@host ~]$ \n",
        Refused(2, f"the <root_account> row holds characters that AWS never writes there; {AGAIN}"),
    ),
    "line ends as a backslash and an n": (
        report(root()).replace("\n", "\\n\n"),
        Refused(2, f"the <root_account> row holds characters that AWS never writes there; {AGAIN}"),
    ),
    "a second header that is not as wide, and a row as wide as the first": (
        CLEAN + f"user,arn\n<root_account>,{ROOT_ARN}\n" + lines([root()]),
        Refused(6, "this row has 22 columns where the header has 2: a field that holds a separator is not quoted; " + AGAIN),
    ),
    "a prompt among the rows": (report(root()) + "$ cat more.csv\n" + lines([user("alice")]), Refused(3, width(1, CUT_OFF))),
    "a truncated root row": (report(root())[:-60], Refused(2, width(9, CUT_OFF))),
    "a truncated last row": (CLEAN[:-30], Refused(3, width(16, CUT_OFF))),
    "a row that is too wide": (report(root(), user("smith,john")), Refused(3, width(23, UNQUOTED))),
    "a row that is too wide after quotes": (report(user('"a,b"'), root(), user("c,d")), Refused(4, width(23, UNQUOTED))),
    "a root row without an ARN": (
        report(row("<root_account>", "")),
        Refused(2, f"the ARN in the <root_account> row is not that of a root user; {AGAIN}"),
    ),
    "a root row with a masked ARN": (
        report(row("<root_account>", "arn:aws:iam::XXXXXXXXXXXX:root")),
        Refused(2, f"the ARN arn:aws:iam::XXXXXXXXXXXX:root in the <root_account> row is not that of a root user; {AGAIN}"),
    ),
    "a root row with the ARN of an IAM user": (
        report(root(), user("<root_account>", **ACTIVE)),
        Refused(
            3,
            f"the ARN arn:aws:iam::111122223333:user/... in the <root_account> row is not that of a root user; {AGAIN}",
        ),
    ),
    "a root row inside a quoted field": (
        report(root(), user('"alice"')).replace('"alice"', f'"alice\n{report(root(**ACTIVE)).splitlines()[1]}"'),
        Refused(3, f"a quoted field of this row holds a <root_account> row of its own; {AGAIN}"),
    ),
    "a root ARN under another name": (
        report(root(), row("admin", ROOT_ARN, **ACTIVE)),
        Refused(3, f"a row has the root user's ARN but is not called <root_account>; {AGAIN}"),
    ),
    "a column twice": (
        lines([[*HEADER, "access_key_1_active"], [*root(**ACTIVE), "false"]]),
        Refused(1, twice("access_key_1_active")),
    ),
    "a user column twice": (lines([["User", *HEADER], ["x", *root()]]), Refused(1, twice("user"))),
    "a quoted field that does not end": (report(root(), user('"alice')), Refused(3, QUOTING)),
    "a quoted field that goes on forever": (report(root(), user('"' + "x\n" * 90_000)), Refused(3, QUOTING)),
    "text after a closing quote": (report(root(), user('"alice"x')), Refused(3, QUOTING)),
    "a field beyond 128 KiB in quotes": (report(root(), user('"' + "x" * 140_000 + '"')), Refused(3, QUOTING)),
    "a line beyond 1 MiB": (
        report(root(), user("x" * 1_200_000)),
        Refused(3, "this line is longer than 1 MiB; give the file as AWS wrote it"),
    ),
    "a byte that is not UTF-8": (CLEAN.replace("alice", "Jürgen").encode("latin-1"), Refused(3, NOT_UTF_8)),
    "a byte that is not UTF-8 after quotes": (
        report(root(), user('"a,b"'), user("Jürgen")).encode("latin-1"),
        Refused(4, NOT_UTF_8),
    ),
    "a character cut in half at the end": (CLEAN.rstrip("\n").encode() + "ü".encode()[:1], Refused(3, NOT_UTF_8)),
    "half a UTF-16 character": (
        CLEAN.encode("utf-16")[:-1],
        Refused(3, "this line holds bytes that are not UTF-16; save the file as UTF-8"),
    ),
    "a NUL byte in a report": (CLEAN.replace("alice", "al\0ce"), Refused(3, NUL)),
    "UTF-16 without a byte order mark": (CLEAN.encode("utf-16-le"), Refused(None, BINARY)),
    "UTF-32": (CLEAN.encode("utf-32"), Refused(None, BINARY)),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Refused(None, f"this is a picture (PNG); {EVIDENCE_IS}")),
    "a photograph": (b"\xff\xd8\xff\xe0\0\x10JFIF", Refused(None, f"this is a picture (JPEG); {EVIDENCE_IS}")),
    "a bzip2 file": (b"BZh91AY&SY", Refused(None, f"this is a bzip2 file; {UNPACK}")),
    "a 7z archive": (b"7z\xbc\xaf\x27\x1c\0\x04", Refused(None, f"this is a 7z archive; {UNPACK}")),
    "a Word document": (zipped(**{"word/document.xml": "<w/>"}), Refused(None, f"this is a Word document; {EVIDENCE_IS}")),
    "an OpenDocument sheet": (
        zipped(**{"mimetype": "x", "content.xml": "<w/>"}),
        Refused(None, f"this is an OpenDocument file; {SAVE_AS_CSV}"),
    ),
    "a database": (b"SQLite format 3\0\x10\0", Refused(None, f"this is an SQLite database; {EVIDENCE_IS}")),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Refused(None, f"this is a PDF; {EVIDENCE_IS}")),
    "gzip": (gzip.compress(CLEAN.encode()), Refused(None, "this is a gzip file; unpack it and give the files inside")),
    "a zip archive": (
        zipped(**{"report.csv": CLEAN}),
        Refused(None, "this is a zip archive; unpack it and give the files inside"),
    ),
    "a damaged zip archive": (
        b"PK\x03\x04" + b"x" * 100,
        Refused(None, "this is a zip archive; unpack it and give the files inside"),
    ),
    "an empty zip archive": (zipped(), Refused(None, f"this is an empty zip archive; {EVIDENCE_IS}")),
    "a workbook of an old Excel": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        Refused(None, f"this Excel workbook is broken or protected by a password; {SAVE_AS_CSV}"),
    ),
    "an HTML error page": ("<!DOCTYPE html><html><title>Access denied</title></html>", Refused(None, PAGE)),
    "an XML error of AWS": ('<?xml version="1.0"?><ErrorResponse/>', Refused(None, XML)),
    "an answer of AWS as XML": (
        "<GetAccountSummaryResponse><entry><key>AccountAccessKeysPresent</key><value>0</value></entry>",
        Refused(None, XML),
    ),
    "what jq prints to a terminal": (
        '\x1b[1;39m{\x1b[0m\n  \x1b[34;1m"AccountAccessKeysPresent"\x1b[0m: \x1b[0;39m0\x1b[0m\n',
        Refused(None, "this text holds the colours of a terminal; save it without them: NO_COLOR=1, or `jq -M`"),
    ),
    "a log of GitHub Actions": (
        '2026-11-20T08:00:00.1234567Z {\n2026-11-20T08:00:01.1234567Z     "AccountAccessKeysPresent": 0\n',
        Refused(None, "this is a log of a build; give the file that was saved, not its log"),
    ),
    "what Python prints": (
        "{'SummaryMap': {'AccountAccessKeysPresent': 0}}\n",
        Refused(None, "this is what Python shows of a dictionary; write it with json.dump"),
    ),
    "a Markdown table": (
        f"| user | arn |\n|------|-----|\n| <root_account> | {ROOT_ARN} |\n",
        Refused(None, "this is a Markdown table; save it as CSV"),
    ),
    "TOML": (
        '[settings]\nformat = "json"\n',
        Refused(None, f"this is a file of settings (INI or TOML), not evidence; {EVIDENCE_IS}"),
    ),
    "an answer without its content": (
        json.dumps({"ReportFormat": "text/csv"}),
        Refused(
            None, "the Content of this credential report is missing; save the whole output of `aws iam get-credential-report`"
        ),
    ),
    "the answer of generate-credential-report": (
        json.dumps({"State": "COMPLETE"}),
        Refused(None, f"this is the answer of generate-credential-report, which holds no report; {ANSWER_IS}"),
    ),
    "the answer of list-access-keys": (
        json.dumps({"AccessKeyMetadata": []}),
        Refused(None, f"this is the answer of list-access-keys, which is that of one user; {ANSWER_IS}"),
    ),
    "credentials as JSON": (
        json.dumps({"Credentials": {"AccessKeyId": "x"}}),
        Refused(None, "this document holds credentials, not evidence; keep it away from the evidence"),
    ),
    "findings of Security Hub": (
        json.dumps([{"SchemaVersion": "2018-10-08", "ProductArn": "x"}]),
        Refused(None, f"this is a finding of AWS Security Hub (ASFF); {ANSWER_IS}"),
    ),
    "events of CloudTrail": (json.dumps({"Records": []}), Refused(None, f"these are events of CloudTrail; {ANSWER_IS}")),
    "a run that rootsweep saved": (
        json.dumps({"schema": "rootsweep.audit/1", "findings": []}),
        Refused(None, "this is a run that rootsweep saved; show it with `rootsweep report FILE`"),
    ),
    "a private key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", Refused(None, SECRET)),
    "a certificate": (
        "-----BEGIN CERTIFICATE-----\nMIIE\n",
        Refused(None, f"this is a certificate or a key, not evidence; {EVIDENCE_IS}"),
    ),
    "accessKeys.csv": ("Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG\n", Refused(None, SECRET)),
    "rootkey.csv": ("AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\nAWSSecretKey=wJalrXUtnFEMI/K7MDENG\n", Refused(None, SECRET)),
    "a credentials file": (
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG\n",
        Refused(None, SECRET),
    ),
    "an error of the AWS CLI": (
        "\nAn error occurred (AccessDenied) when calling the GetCredentialReport operation: no\n",
        Refused(None, CLI_ERROR),
    ),
    "an error of a newer AWS CLI": ("\naws: [ERROR]: An error occurred (ReportNotPresent)\n", Refused(None, CLI_ERROR)),
    "no credentials": ("\nUnable to locate credentials. You can configure credentials\n", Refused(None, CLI_ERROR)),
    "a CSV of another kind": ("name,size\nx,1\n", Refused(None, NOT_EVIDENCE)),
    "prose": ("We looked and there are no root keys.\n", Refused(None, NOT_EVIDENCE)),
    "a bare number": ("0\n", Refused(None, NOT_EVIDENCE)),
    "JSON of another kind": (json.dumps({"Users": [{"UserName": "alice"}]}), Refused(None, OTHER_JSON)),
    "JSON with a secret key": (
        json.dumps({"AccessKey": {"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG"}}),
        Refused(None, OTHER_JSON),
    ),
    "an empty JSON object": ("{}", Refused(None, OTHER_JSON)),
    "a JSON list of lists": (json.dumps([[{"SummaryMap": {"AccountAccessKeysPresent": 0}}]]), Refused(None, LIST_JSON)),
    "an empty JSON list": ("[[]]", Refused(None, LIST_JSON)),
    "answers that name no account": (
        json.dumps([{"SummaryMap": {"AccountAccessKeysPresent": 0}}] * 2),
        Refused(None, SEVERAL),
    ),
    "an answer that names an account and one that does not": (
        json.dumps([{"Account": ACCOUNT, "AccountAccessKeysPresent": 0}, {"AccountAccessKeysPresent": 0}]),
        Refused(None, SEVERAL),
    ),
    "JSON rows of users alone": (
        json.dumps([{"user": "alice", "arn": f"arn:aws:iam::{ACCOUNT}:user/alice"}]),
        Refused(None, f"no <root_account> row in this credential report; {REPORT_AGAIN}"),
    ),
    "JSON rows with a column twice": (
        json.dumps(
            [{"user": "<root_account>", "arn": ROOT_ARN, "access_key_1_active": "true", "Access_Key_1_Active": "false"}]
        ),
        Refused(None, f"a row of this report names the column access_key_1_active twice; {REPORT_AGAIN}"),
    ),
    "JSON rows with an object for a cell": (
        json.dumps([{"user": "<root_account>", "arn": ROOT_ARN, "access_key_1_active": {}}]),
        Refused(None, f"a cell of this report is neither text nor a number; {REPORT_AGAIN}"),
    ),
    "YAML with an alias": (
        f"Content: &x {encoded(CLEAN)}\nGeneratedTime: *x\n",
        Refused(None, f"this YAML has an anchor, an alias or a tag, which AWS never writes; {ANSWER_IS}"),
    ),
    "YAML with a tag": (
        f"Content: !!python/name:os.system {encoded(CLEAN)}\n",
        Refused(None, f"this YAML has an anchor, an alias or a tag, which AWS never writes; {ANSWER_IS}"),
    ),
    "YAML with a key twice": (
        "SummaryMap:\n  AccountAccessKeysPresent: 1\n  AccountAccessKeysPresent: 0\n",
        Refused(None, "this YAML names a key twice, so that it is ambiguous; save the output again"),
    ),
    "YAML nested too deeply": (
        "SummaryMap: " + "[" * 100_000,
        Refused(None, f"this YAML is nested too deeply to be an answer of AWS; {ANSWER_IS}"),
    ),
    "YAML that is cut off": (
        "SummaryMap: {AccountAccessKeysPresent: 0\n",
        Refused(2, "this is not valid YAML: it is cut off or was edited; save the output again"),
    ),
    "a row of summaries that names no account": (
        "account_id,AccountAccessKeysPresent\nprod,0\n",
        Refused(2, f"this row of account summaries does not name its account; {ONE_PER_FILE}"),
    ),
    "a row of summaries whose account lost its zeros": (
        "account_id,AccountAccessKeysPresent\n12,0\n",
        Refused(2, "the account id of this document does not have 12 digits; write it as text, with its leading zeros"),
    ),
    "a row of summaries without a value": (
        f"account_id,AccountAccessKeysPresent\n{ACCOUNT},\n",
        Refused(2, f"the value of AccountAccessKeysPresent is not a number; {SUMMARY_AGAIN}"),
    ),
    "a list of a report that was wrapped": (
        f"user : <root_account>\narn : {ROOT_ARN}\naccess_key_1_active : true\n                      wrapped\n",
        Refused(4, f"this list of a credential report was wrapped or edited; {REPORT_AGAIN}"),
    ),
    "JSON that is cut off": ('{\n  "SummaryMap": {\n    "AccountAccessKeysPresent": 0,\n', Refused(4, BROKEN_JSON)),
    "two JSON documents": ('{"SummaryMap": {}}\n{"SummaryMap": {}}', Refused(None, SEVERAL)),
    "JSON with a key twice": (
        '{"SummaryMap": {"AccountAccessKeysPresent": 1, "AccountAccessKeysPresent": 0}}',
        Refused(None, TWICE_JSON),
    ),
    "JSON nested too deeply": ('{"SummaryMap": ' + "[" * 100_000, Refused(None, DEEP_JSON)),
    "JSON with an endless number": (
        '{"SummaryMap": {"AccountAccessKeysPresent": ' + "1" * 5000 + "}}",
        Refused(None, f"this JSON holds a number too long to read; {ANSWER_IS}"),
    ),
    "JSON with bytes that are not text": (b'{\n"SummaryMap": "\xff"}', Refused(2, NOT_UTF_8)),
    "JSON with a NUL byte": (b'{\n"SummaryMap": "\0"}', Refused(2, NUL)),
    "JSON whose content is not base64": (answer(CLEAN, Content="dXNlcixhcm4*"), Refused(None, BASE64)),
    "JSON whose content is not ASCII": (answer(CLEAN, Content="dXNlcixhcm4ü"), Refused(None, BASE64)),
    "JSON whose content is Python's bytes": (
        answer(CLEAN, Content="b'user,arn'"),
        Refused(None, f"the content is what Python shows of bytes (b'...'), not the bytes; {REPORT_AGAIN}"),
    ),
    "JSON whose content is base64 three times": (answer(encoded(encoded(CLEAN))), Refused(None, NO_REPORT)),
    "JSON whose content is numbers beyond bytes": (
        answer(CLEAN, Content=[117, 300]),
        Refused(None, f"the Content of this JSON is a list that holds no text; {REPORT_AGAIN}"),
    ),
    "JSON whose content is null": (
        answer(CLEAN, Content=None),
        Refused(None, f"the Content of this JSON is neither text nor rows; {REPORT_AGAIN}"),
    ),
    "JSON whose content is not a report": (
        answer("hello"),
        Refused(None, f"this is not a credential report: no header with the columns user and arn; {AGAIN}"),
    ),
    "JSON whose report is truncated": (answer(CLEAN[:-30]), Refused(3, width(16, CUT_OFF))),
    "JSON of another report format": (
        answer(CLEAN, ReportFormat="text/html"),
        Refused(None, f"the ReportFormat of this JSON is not text/csv; {REPORT_AGAIN}"),
    ),
    "base64 text that is cut off": (encoded(CLEAN)[:-1] + "\n", Refused(None, BASE64)),
    "base64 text cut off where it still decodes": (encoded(CLEAN)[:-40], Refused(3, width(16, CUT_OFF))),
    "a summary map that is a list": (
        json.dumps({"SummaryMap": []}),
        Refused(None, f"the SummaryMap of this account summary is not a JSON object; {SUMMARY_AGAIN}"),
    ),
    "a summary whose flag is null": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": None}}), Refused(None, FLAG)),
    "a summary whose flag is a fraction": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": 0.5}}), Refused(None, FLAG)),
    "a summary whose flag is a word": (json.dumps({"SummaryMap": {"AccountAccessKeysPresent": "no"}}), Refused(None, FLAG)),
    "the one line without a value": ('"AccountAccessKeysPresent"', Refused(1, NO_VALUE)),
    "the one line with a word": ("\nAccountAccessKeysPresent: none", Refused(2, FLAG)),
    "the one line with another alphabet's digit": ("AccountAccessKeysPresent: \u0660", Refused(1, FLAG)),
    "the line in a sentence": ("I saw that AccountAccessKeysPresent is 0, honestly", Refused(1, NO_VALUE)),
    "the benchmark's own explanation": (
        'Run the command:\n\n"AccountAccessKeysPresent": 0,\n\nshows that there is no key.\n',
        Refused(1, MORE_THAN_A_SUMMARY),
    ),
    "a log that shows the line": (
        '"AccountAccessKeysPresent": 0,\n2026-09-11 13:15:19 job finished\n',
        Refused(2, MORE_THAN_A_SUMMARY),
    ),
    "the line with a long tail": (
        f'"AccountAccessKeysPresent": 0{" " * 60_000}!',
        Refused(1, NO_VALUE),
    ),
    "the line after a long blank one": (
        f'x{" " * 60_000}x\n"AccountAccessKeysPresent": 0',
        Refused(1, MORE_THAN_A_SUMMARY),
    ),
    "a long line of blanks": (f"x{' ' * 65_000}x", Refused(None, NOT_EVIDENCE)),
    "a long line of separators": ("x;" * 32_000, Refused(None, NOT_EVIDENCE)),
    "the line twice": (
        'a.json: "AccountAccessKeysPresent": 0,\nb.json: "AccountAccessKeysPresent": 1,\n',
        Refused(
            2,
            "a second line shows the flag (the first is line 1); "
            "save the output for each account in a file of its own, with the account id in its name",
        ),
    ),
    "the command alone": (
        "aws iam get-account-summary | grep AccountAccessKeysPresent\n",
        Refused(
            None,
            "this text names AccountAccessKeysPresent but shows no value of it; "
            "save the output for each account in a file of its own, with the account id in its name",
        ),
    ),
    "a summary as text without names": (
        "SUMMARYMAP\t0\t1\t5\n",
        Refused(None, "this account summary has no names beside its numbers; save it with --output json"),
    ),
}


def test_there_are_enough_hostile_files() -> None:
    assert len(REFUSED) >= 60


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_the_file_is_refused_exactly_so(content: str | bytes, expected: Refused) -> None:
    assert list(map(outcome, read(content))) == [expected]


@pytest.mark.parametrize("content", [content for content, _ in REFUSED.values()], ids=REFUSED)
def test_no_refusal_repeats_the_content(content: str | bytes) -> None:
    words = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "MIIE", "alice", "smith", "Jürgen", "division")
    assert not [word for word in words if word in str(read(content))]
