"""One root access key in one line of text."""

from datetime import datetime

from rootsweep.model.evidence import LastUse, LastUsed, NoLastUse
from rootsweep.model.finding import KeyRow
from rootsweep.model.remediation import PlannedKey


def describe_key(row: KeyRow | PlannedKey, now: datetime) -> str:
    """Tell a key's name, status, least age in days at ``now``, and last use."""
    return f"{name_key(row)}: {row.status.value}, {describe_age(row, now)}, {describe_last_use(row.last_use)}"


def name_key(row: KeyRow | PlannedKey) -> str:
    """Name a key by its id, else by its slot."""
    if row.id is not None:
        return row.id
    return "an access key of unknown id" if row.slot is None else f"access key {row.slot}"


def describe_age(row: KeyRow | PlannedKey, now: datetime) -> str:
    """Tell a key's age in days.

    Say "at least": last_rotated is when a key was created or last changed (IAM User Guide, credential reports).
    """
    since = row.created_at or row.last_rotated_at
    if since is None:
        return "of unknown age"
    days = max((now - since).days, 0)
    least = "" if row.created_at else "at least "
    return f"{least}{days:,} {'day' if days == 1 else 'days'} old"


def describe_last_use(last_use: LastUse) -> str:
    """Tell when, where and by what a key was last used, or why that is not known."""
    match last_use:
        case LastUsed(at=at, region=region, service=service):
            where = f" in {region}" if region else ""
            what = f" by {service}" if service else ""
            return f"last used {at:%Y-%m-%d %H:%M} UTC{where}{what}"
        case NoLastUse.NEVER_RECORDED:
            return "no use recorded since tracking began in April 2015"
        case NoLastUse.UNKNOWN:
            return "last use unknown"
