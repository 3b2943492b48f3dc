"""What the emulator's answers told of an account's root keys, read by nothing that rootsweep reads them with."""

import csv
import io
from enum import Enum
from typing import Any

from rootsweep_emulator import Emulator
from rootsweep_emulator.trail import Answered

_READ_IN_THE_ACCOUNT = {"GetAccountSummary", "ListAccessKeys", "GetCredentialReport"}


class Shown(Enum):
    """What one answer shows, as it was sent."""

    KEY = "a key"
    NO_KEY = "no key"
    NOTHING = "nothing"


def shown_by(answered: Answered) -> Shown:
    """Tell what an answer shows of the root keys of the account that it was asked for in."""
    answer = answered.answer
    if answer is None or answered.service != "iam" or answered.operation not in _READ_IN_THE_ACCOUNT:
        return Shown.NOTHING
    match answered.operation:
        case "GetAccountSummary":
            present = answer.get("SummaryMap", {}).get("AccountAccessKeysPresent")
            return Shown.NOTHING if present is None else Shown.KEY if present else Shown.NO_KEY
        case "ListAccessKeys":
            keys = answer.get("AccessKeyMetadata")
            if keys:
                return Shown.KEY
            return Shown.NOTHING if keys is None or answer.get("IsTruncated") else Shown.NO_KEY
        case _:
            return _shown_by_report(answered.account, answer.get("Content"))


def _shown_by_report(account: str, content: Any) -> Shown:
    rows = list(csv.DictReader(io.StringIO((content or b"").decode())))
    row = next((row for row in rows if row["user"] == "<root_account>" and row["arn"].split(":")[4] == account), None)
    if row is None:
        return Shown.NOTHING
    slots = [(row[f"access_key_{slot}_active"], row[f"access_key_{slot}_last_rotated"]) for slot in (1, 2)]
    return Shown.NO_KEY if all(slot == ("false", "N/A") for slot in slots) else Shown.KEY


def told_in(emulator: Emulator) -> dict[str, list[tuple[Answered, Shown]]]:
    """Give what showed something of root keys, by the account whose session, or whose user, was answered."""
    told: dict[str, list[tuple[Answered, Shown]]] = {account: [] for account in emulator.world.accounts}
    for answered in emulator.control.answered():
        shown = shown_by(answered)
        if shown is not Shown.NOTHING:
            told[answered.account].append((answered, shown))
    return told
