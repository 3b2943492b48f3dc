"""One file per row: answers of AWS as scripts, shells and other tools hand them on, and exactly what is read from each."""

import base64
import json
from typing import Final

import pytest

from tests.auditing.sources.files.saved_files import (
    ACCOUNT,
    ACTIVE,
    ASKED_FOR,
    CLEAN,
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

OTHER: Final = "222233334444"
TIME: Final = "2026-09-11T13:15:19+00:00"
WITH_KEY: Final = report(root(**ACTIVE), user("alice"))
ROOT_CELLS: Final = dict(zip(HEADER, root(**ACTIVE), strict=True))
USER_CELLS: Final = dict(zip(HEADER, user("alice"), strict=True))
SUMMARY: Final = {"AccountAccessKeysPresent": 1, "Users": 3}


def other_root(**cells: str) -> list[str]:
    return row("<root_account>", f"arn:aws:iam::{OTHER}:root", **cells)


def in_front(name: str, *rows: list[str]) -> str:
    return lines([[name, *HEADER], *(["prod, or not"[:4], *fields] for fields in rows)])


MANY_ACCOUNTS: Final[dict[str, tuple[str | bytes, list[Report | Summary]]]] = {
    "two reports below each other": (
        report(root(), user("alice"), other_root(**ACTIVE), user("bob")),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=4, account=f"aws {OTHER}")],
    ),
    "each with its header": (
        CLEAN + report(other_root(**ACTIVE)),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=5, account=f"aws {OTHER}")],
    ),
    "the second header with its columns in another order": (
        CLEAN + lines([HEADER[::-1], other_root(**ACTIVE)[::-1]]),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=5, account=f"aws {OTHER}")],
    ),
    "the second header with a column more": (
        CLEAN + lines([["x", *HEADER], ["1", *other_root(**ACTIVE)], ["2", *user("bob")]]),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=5, account=f"aws {OTHER}")],
    ),
    "every field quoted": (
        '"' + (CLEAN + report(other_root(**ACTIVE))).strip().replace(",", '","').replace("\n", '"\n"') + '"',
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=5, account=f"aws {OTHER}")],
    ),
    "a column in front": (
        in_front("ProfileName", root(), user("alice"), other_root(**ACTIVE)),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=4, account=f"aws {OTHER}")],
    ),
    "a column in front that is called user somewhere": (
        lines([["Profile", *HEADER], ["user", *root(**ACTIVE)], ["arn", *other_root()]]),
        [Report("ACTIVE NO_KEY"), Report("NO_KEY NO_KEY", line=3, account=f"aws {OTHER}")],
    ),
    "a name beyond ASCII in front": (
        lines([["Name", *HEADER], ["Zürich [prod] $", *root(**ACTIVE)]]),
        [Report("ACTIVE NO_KEY")],
    ),
    "one account twice": (
        report(root(), root(**ACTIVE)),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=3)],
    ),
    "rows of users as IAM names them, between": (
        report(user("user"), root(), user("arn"), other_root()),
        [Report("NO_KEY NO_KEY", line=3), Report("NO_KEY NO_KEY", line=5, account=f"aws {OTHER}")],
    ),
    "semicolons": (
        report(root(), other_root(**ACTIVE), delimiter=";"),
        [Report("NO_KEY NO_KEY"), Report("ACTIVE NO_KEY", line=3, account=f"aws {OTHER}")],
    ),
    "a JSON list of summaries": (
        json.dumps([{"AccountId": ACCOUNT, "SummaryMap": SUMMARY}, {"AccountId": OTHER, "AccountAccessKeysPresent": 0}]),
        [Summary(present=True, account=ACCOUNT), Summary(present=False, account=OTHER)],
    ),
    "JSON lines of summaries": (
        f'{{"account": "{ACCOUNT}", "SummaryMap": {json.dumps(SUMMARY)}}}\n{{"account": "{OTHER}", "SummaryMap": {{}}}}\n',
        [Summary(present=True, account=ACCOUNT), Summary(present=None, account=OTHER)],
    ),
    "JSON answers of reports": (
        answer(CLEAN) + answer(report(other_root(**ACTIVE))),
        [
            Report("NO_KEY NO_KEY", generated_at=TIME),
            Report("ACTIVE NO_KEY", account=f"aws {OTHER}", generated_at=TIME),
        ],
    ),
    "rows of summaries": (
        f"account_id,account_name,AccountAccessKeysPresent\n{ACCOUNT},prod,0\n{OTHER},dev,1\n",
        [Summary(present=False, line=2, account=ACCOUNT), Summary(present=True, line=3, account=OTHER)],
    ),
    "rows of summaries as Steampipe writes them": (
        f'account_id;"account_access_keys_present"\n{ACCOUNT};1\n',
        [Summary(present=True, line=2, account=ACCOUNT)],
    ),
    "rows of summaries with dashes in the ids": (
        f"Account Id\tAccountAccessKeysPresent\n1111-2222-3333\tfalse\n{OTHER}\ttrue\n",
        [Summary(present=False, line=2, account=ACCOUNT), Summary(present=True, line=3, account=OTHER)],
    ),
    "Steampipe's rows": (
        json.dumps({"columns": [], "rows": [{"account_access_keys_present": 1, "account_id": ACCOUNT}]}),
        [Summary(present=True, account=ACCOUNT)],
    ),
}

ONE_ACCOUNT: Final[dict[str, tuple[str | bytes, Report | Summary]]] = {
    "no arn column": (without("arn", root(**ACTIVE), user("alice")), Report("ACTIVE NO_KEY", account=f"None {ASKED_FOR}")),
    "no arn column, and clean": (without("arn", root()), Report("NO_KEY NO_KEY", account=f"None {ASKED_FOR}")),
    "the benchmark's cut": (
        "user,access_key_1_active,access_key_2_active\n<root_account>,false,false\n",
        Report("UNREAD UNREAD", account=f"None {ASKED_FOR}"),
    ),
    "the benchmark's cut with a key": (
        "user,access_key_1_active,access_key_2_active\n<root_account>,true,false\n",
        Report("ACTIVE UNREAD", account=f"None {ASKED_FOR}"),
    ),
    "names of Steampipe's columns": (
        WITH_KEY.replace("user,arn", "user_name,user_arn", 1),
        Report("ACTIVE NO_KEY"),
    ),
    "content as plain CSV": (answer("", Content=WITH_KEY), Report("ACTIVE NO_KEY", generated_at=TIME)),
    "content as a list of lines": (answer("", Content=WITH_KEY.splitlines()), Report("ACTIVE NO_KEY", generated_at=TIME)),
    "content as a list of lines with their ends": (
        answer("", Content=WITH_KEY.splitlines(keepends=True)),
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "content as rows": (
        answer("", Content=[line.split(",") for line in WITH_KEY.splitlines()]),
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "content as objects": (answer("", Content=[ROOT_CELLS, USER_CELLS]), Report("ACTIVE NO_KEY", line=0, generated_at=TIME)),
    "content as base64 twice": (answer(encoded(WITH_KEY)), Report("ACTIVE NO_KEY", generated_at=TIME)),
    "content as a data URI": (
        answer("", Content=f"data:text/csv;charset=utf-8;base64,{encoded(WITH_KEY)}"),
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "content as Node's Buffer": (
        answer("", Content={"type": "Buffer", "data": list(WITH_KEY.encode())}),
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "content as a list of bytes": (answer("", Content=list(WITH_KEY.encode())), Report("ACTIVE NO_KEY", generated_at=TIME)),
    "--query Content": (json.dumps(encoded(WITH_KEY)), Report("ACTIVE NO_KEY")),
    "--query Content, decoded": (json.dumps(WITH_KEY), Report("ACTIVE NO_KEY")),
    "--query Content, encoded twice": (json.dumps(encoded(encoded(WITH_KEY))), Report("ACTIVE NO_KEY")),
    "--query Content --output text, with line ends": (
        base64.encodebytes(WITH_KEY.encode()).decode() + "\n",
        Report("ACTIVE NO_KEY"),
    ),
    "--output yaml": (
        f"Content: {encoded(WITH_KEY)}\nGeneratedTime: '{TIME}'\nReportFormat: text/csv\n",
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "--output yaml in several lines": (
        f"Content: |\n  {encoded(WITH_KEY)[:400]}\n  {encoded(WITH_KEY)[400:]}\nGeneratedTime: {TIME}\n",
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "--output yaml-stream": (
        f"- Content: {encoded(WITH_KEY)}\n  GeneratedTime: {TIME}\n",
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "--output yaml with the id of an account": (
        "---\nSummaryMap:\n  AccountAccessKeysPresent: 1\naccount_id: 000000000012\n",
        Summary(present=True, line=3, account="000000000012"),
    ),
    "--output yaml-stream of a summary": (
        "- SummaryMap:\n    Users: 3\n    AccountAccessKeysPresent: 0\n",
        Summary(present=False, line=3),
    ),
    "--output table of a report": (
        (
            "-----\n|  GetCredentialReport  |\n+-----+\n"
            f"|  Content  |  {encoded(WITH_KEY)}  |\n|  GeneratedTime |  {TIME}  |\n|  ReportFormat |  text/csv |\n+-----+\n"
        ),
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
    "JSON rows": (json.dumps([ROOT_CELLS, USER_CELLS]), Report("ACTIVE NO_KEY", line=0)),
    "JSON rows with booleans and null": (
        json.dumps([ROOT_CELLS | {"access_key_1_active": True, "access_key_2_active": False, "cert_1_last_rotated": None}]),
        Report("ACTIVE NO_KEY", line=0),
    ),
    "JSON lines of rows": (
        json.dumps(USER_CELLS) + "\n" + json.dumps(ROOT_CELLS) + "\n",
        Report("ACTIVE NO_KEY", line=0),
    ),
    "Steampipe's rows of a report": (
        json.dumps({"rows": [{"user_name": "<root_account>", "user_arn": ROOT_ARN, "access_key_1_active": True}]}),
        Report("ACTIVE UNREAD", line=0),
    ),
    "a list of one summary": (json.dumps([{"SummaryMap": SUMMARY}]), Summary(present=True)),
    "Export-Csv with its type": (
        "#TYPE System.Management.Automation.PSCustomObject\r\n"
        '"' + WITH_KEY.strip().replace(",", '","').replace("\n", '"\r\n"') + '"\r\n',
        Report("ACTIVE NO_KEY", line=3),
    ),
    "Export-Csv -UseCulture": (
        "#TYPE Selected.Object\r\n" + report(root(**INACTIVE), delimiter=";", end="\r\n"),
        Report("INACTIVE NO_KEY", line=3),
    ),
    "Export-Csv in UTF-16": (
        ("#TYPE Object\r\n" + report(root(**ACTIVE), delimiter="\t", end="\r\n")).encode("utf-16"),
        Report("ACTIVE NO_KEY", line=3),
    ),
    "a comment before the header": (f"# exported for the audit\n\n{WITH_KEY}", Report("ACTIVE NO_KEY", line=4)),
    "Format-List": (
        "\r\n"
        + "".join(f"{name:30} : {text}\r\n" for name, text in ROOT_CELLS.items())
        + "\r\n"
        + "".join(f"{name:30} : {text}\r\n" for name, text in USER_CELLS.items()),
        Report("ACTIVE NO_KEY"),
    ),
    "Format-List in UTF-16, the user first": (
        (
            "".join(f"{name:30} : {text}\n" for name, text in USER_CELLS.items())
            + "\n"
            + "".join(f"{name:30} : {text}\n" for name, text in ROOT_CELLS.items())
        ).encode("utf-16"),
        Report("ACTIVE NO_KEY", line=len(HEADER) + 2),
    ),
    "Get-IAMAccountSummary": (
        "\r\nKey                        Value\r\n---                        -----\r\n"
        "Users                      3\r\nAccountAccessKeysPresent   1\r\n\r\n".encode("utf-16").decode("utf-16"),
        Summary(present=True, line=5),
    ),
    "Get-IAMAccountSummary with Name": (
        "Name                       Value\n----                       -----\nAccountAccessKeysPresent   0\n",
        Summary(present=False, line=3),
    ),
    "Get-IAMAccountSummary | Format-List": (
        "\nKey   : Users\nValue : 3\n\nKey   : AccountAccessKeysPresent\nValue : 1\n\n",
        Summary(present=True, line=6),
    ),
    "Get-IAMAccountSummary | Export-Csv": (
        '#TYPE System.Collections\n"Key","Value"\n"Users","3"\n"AccountAccessKeysPresent","0"\n',
        Summary(present=False, line=4),
    ),
    "Select-String": ('\n    "AccountAccessKeysPresent": 1,\n\n', Summary(present=True, line=2)),
    "a copy from AWS CloudShell": (
        (
            f"[cloudshell-user@ip-10-2-3-4 ~]$ aws iam get-account-summary\n{json.dumps({'SummaryMap': SUMMARY}, indent=4)}\n"
            "[cloudshell-user@ip-10-2-3-4 ~]$ "
        ),
        Summary(present=True),
    ),
    "a copy from zsh, with an error corrected before": (
        (
            f"me@mac ~ % aws iam get-acount-summary\nme@mac ~ % aws iam get-account-summary\n"
            f"{json.dumps({'SummaryMap': SUMMARY})}\nme@mac ~ % exit\n"
        ),
        Summary(present=True),
    ),
    "a copy from PowerShell": (
        f"PS C:\\Users\\me> aws iam get-account-summary\n{json.dumps({'SummaryMap': SUMMARY})}\n\nPS C:\\Users\\me>\n",
        Summary(present=True),
    ),
    "a copy of a report from bash": (
        f"me@host:~/audit$ aws iam get-credential-report --query Content | base64 -d\n{WITH_KEY}me@host:~/audit$ \n",
        Report("ACTIVE NO_KEY", line=3),
    ),
    "a copy of base64 from a root shell": (
        f"# aws iam get-credential-report --query Content --output text\n{encoded(WITH_KEY)}\n# \n",
        Report("ACTIVE NO_KEY"),
    ),
    "a copy of YAML": (
        f"$ aws iam get-credential-report --output yaml\nContent: {encoded(WITH_KEY)}\nGeneratedTime: '{TIME}'\n$ \n",
        Report("ACTIVE NO_KEY", generated_at=TIME),
    ),
}


@pytest.mark.parametrize(("content", "expected"), MANY_ACCOUNTS.values(), ids=MANY_ACCOUNTS)
def test_the_accounts_are_exactly(content: str | bytes, expected: list[Report | Summary]) -> None:
    assert list(map(outcome, read(content))) == expected


@pytest.mark.parametrize(("content", "expected"), ONE_ACCOUNT.values(), ids=ONE_ACCOUNT)
def test_the_file_becomes_exactly(content: str | bytes, expected: Report | Summary) -> None:
    assert list(map(outcome, read(content))) == [expected]
