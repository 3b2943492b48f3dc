"""The bytes of a credential report.

IAM User Guide, "Credential report", for the columns; captured AWS answers (commercial partition, September 2026) for the rest:
22 columns, ``true`` and ``false`` in lower case, times as ``2026-09-11T13:15:19Z``, LF between rows and none at the end, the
root user's row first, and an inactive key that keeps its ``last_rotated`` (the documentation says N/A).
Assumption: reports of the China partition, which has no root user, have that row too.
"""

from datetime import UTC, datetime
from typing import Final

from rootsweep_emulator.state.account import AccessKey, Account, Keys, User
from rootsweep_emulator.state.world import World, last_use

_COLUMNS: Final = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)
_SLOTS: Final = (1, 2)


def write_report(world: World, account: Account, at: float) -> bytes:
    """Write the report of what is seen of the account at ``at`` (epoch seconds)."""
    return write_report_of(world, account, account.root.keys.seen(at), at)


def write_report_of(world: World, account: Account, root_keys: Keys, at: float) -> bytes:
    """Write the report as it would be if the root user had these keys."""
    rows = [_root_row(world, account, root_keys, at), *(_user_row(world, account, user, at) for user in account.users)]
    if not world.additional_credentials_column:
        return "\n".join([_COLUMNS, *rows]).encode()
    return "\n".join([_COLUMNS + ",additional_credentials_info", *(row + ",N/A" for row in rows)]).encode()


def _root_row(world: World, account: Account, keys: Keys, at: float) -> str:
    root = account.root
    used = _time(root.password_last_used_at) if root.password_last_used_at is not None else "no_information"
    changed = root.password_changed_at if root.password_changed_at is not None else account.created_at
    password = ("true", used, _time(changed)) if root.has_password else ("false", "N/A", "N/A")
    return ",".join(
        (
            "<root_account>",
            account.root_arn,
            _time(account.created_at),
            *password,
            "not_supported",
            _flag(value=root.has_mfa),
            *_keys(world, keys, at),
            *_NO_CERTIFICATES,
        )
    )


def _user_row(world: World, account: Account, user: User, at: float) -> str:
    password = (
        ("true", "no_information", _time(user.created_at), "N/A") if user.has_password else ("false", "N/A", "N/A", "N/A")
    )
    return ",".join(
        (
            user.name,
            f"arn:{account.partition}:iam::{account.id}:user/{user.name}",
            _time(user.created_at),
            *password,
            "false",
            *_keys(world, user.keys.seen(at), at),
            *_NO_CERTIFICATES,
        )
    )


_NO_CERTIFICATES: Final = ("false", "N/A", "false", "N/A")


def _keys(world: World, keys: Keys, at: float) -> list[str]:
    by_slot = {key.slot: key for key in keys}
    return [value for slot in _SLOTS for value in _key(world, by_slot.get(slot), at)]


def _key(world: World, key: AccessKey | None, at: float) -> tuple[str, ...]:
    if key is None:
        return ("false", "N/A", "N/A", "N/A", "N/A")
    use = last_use(world, key, at)
    used = ("N/A", "N/A", "N/A") if use is None else (_time(use.at), use.region, use.service)
    return (_flag(value=key.status == "Active"), _time(key.created_at), *used)


def _flag(*, value: bool) -> str:
    return "true" if value else "false"


def _time(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
