"""The usual script: a boto3 session for each account, in threads: python session_each.py FILE ROLE.

FILE names accounts, one a line; ROLE is assumed in each. Both of the benchmark's audit procedures are carried out.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3

THREADS = 32


def ask(account_id: str) -> bool:
    """Tell whether the root user of an account has an access key."""
    arn = f"arn:aws:iam::{account_id}:role/{sys.argv[2]}"
    keys = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="audit")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    iam = session.client("iam")
    while iam.generate_credential_report()["State"] != "COMPLETE":
        time.sleep(1)
    report = iam.get_credential_report()["Content"].decode()
    root = dict(zip(*(line.split(",") for line in report.splitlines()[:2]), strict=True))
    is_present = iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"]
    return bool(is_present) or "true" in {root["access_key_1_active"], root["access_key_2_active"]}


def main() -> None:
    """Print how many accounts have a key."""
    # boto3's default session is not safe to make in several threads at once.
    boto3.setup_default_session()
    with ThreadPoolExecutor(THREADS) as threads:
        print(sum(threads.map(ask, Path(sys.argv[1]).read_text(encoding="utf-8").split())))


if __name__ == "__main__":
    main()
