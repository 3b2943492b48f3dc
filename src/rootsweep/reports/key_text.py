"""One root access key in one line of text."""

from datetime import datetime

from rootsweep.model.evidence import LastUse, LastUsed, NoLastUse
from rootsweep.model.finding import KeyRow


def describe_key(row: KeyRow, now: datetime) -> str:
    """Tell a key's name, status, least age in days at ``now``, and last use."""
    name = row.id or f"access key {row.slot}"
    return f"{name}: {row.status.value}, {_age(row, now)}, {_last_use(row.last_use)}"


def _age(row: KeyRow, now: datetime) -> str:
    """Say "at least": last_rotated is when a key was created or last changed (IAM User Guide, credential reports)."""
    since = row.created_at or row.last_rotated_at
    if since is None:
        return "of unknown age"
    days = max((now - since).days, 0)
    least = "" if row.created_at else "at least "
    return f"{least}{days:,} {'day' if days == 1 else 'days'} old"


def _last_use(last_use: LastUse) -> str:
    match last_use:
        case LastUsed(at=at, region=region, service=service):
            where = f" in {region}" if region else ""
            what = f" by {service}" if service else ""
            return f"last used {at:%Y-%m-%d %H:%M} UTC{where}{what}"
        case NoLastUse.NEVER_RECORDED:
            return "no use recorded since tracking began in April 2015"
        case NoLastUse.UNKNOWN:
            return "last use unknown"
