"""The calls of a sweep by root sessions, made with botocore and nothing else: python bare_botocore.py FILE [--tuned].

FILE names accounts, one a line. All accounts share one client a service; credentials are swapped for each call by a context
variable. Nothing is judged, kept or written, and nothing can go wrong. ``--tuned`` leaves out the validation of parameters.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, ReadOnlyCredentials

THREADS = 64
TASK = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
SIGNING: ContextVar[ReadOnlyCredentials] = ContextVar("signing")


class Swapped(Credentials):
    """Signs with the credentials of the context."""

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Give the credentials of the call at hand."""
        return SIGNING.get()


class Provider:
    """Gives every client the swapped credentials."""

    def load_credentials(self) -> Credentials:
        """Give them."""
        return Swapped("none", "none")


def main() -> None:
    """Ask for every account of the file."""
    own: Any = botocore.session.Session().get_credentials()
    session = botocore.session.Session()
    session.register_component("credential_provider", Provider())
    config = Config(max_pool_connections=THREADS, parameter_validation="--tuned" not in sys.argv)
    clients: list[Any] = [session.create_client(service, config=config) for service in ("sts", "iam")]
    sts, iam = clients

    def ask(account_id: str) -> int:
        SIGNING.set(own.get_frozen_credentials())
        keys = sts.assume_root(TargetPrincipal=account_id, TaskPolicyArn=TASK)["Credentials"]
        SIGNING.set(ReadOnlyCredentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]))
        found = iam.list_access_keys()["AccessKeyMetadata"]
        for key in found:
            iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
        return int(iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"])

    account_ids = Path(sys.argv[1]).read_text(encoding="utf-8").split()
    with ThreadPoolExecutor(THREADS) as threads:
        print(sum(threads.map(ask, account_ids)))


if __name__ == "__main__":
    main()
