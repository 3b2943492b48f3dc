"""The account summary of each account with botocove: python cove_each.py FILE ROLE; FILE names accounts, one a line."""

import sys
from pathlib import Path
from typing import Any

from botocove import cove


@cove(target_ids=Path(sys.argv[1]).read_text(encoding="utf-8").split(), rolename=sys.argv[2], raise_exception=True)
def ask(session: Any) -> bool:
    """Tell whether the root user of the session's account has an access key."""
    return bool(session.client("iam").get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"])


if __name__ == "__main__":
    print(sum(account["Result"] for account in ask()["Results"]))
