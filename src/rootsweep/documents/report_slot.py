"""What a credential report tells of each access key slot of one user.

A slot says that it holds no key only when ``active`` is ``false`` and both dates hold a placeholder: whatever is missing, empty
or unreadable leaves the slot unread. Placeholders: IAM User Guide, "Get credential reports for your AWS account".
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from rootsweep.documents.timestamps import parse_timestamp
from rootsweep.model.evidence import LastUse, LastUsed, NoLastUse, ReportSlot, SlotState

_PLACEHOLDERS: Final = frozenset({"n/a", "no_information", "not_supported"})
_NEVER_USED: Final = frozenset({"n/a", "no_information"})
_BOOLEANS: Final = {"true": True, "false": False}
_SLOTS: Final = (1, 2)
_FURTHER_SLOT: Final = 3
_FURTHER_KEYS: Final = "additional_credentials_info"


def slots_of(cells: Mapping[str, str]) -> tuple[ReportSlot, ...]:
    """Read a row, given as stripped texts by lower-case column name: slots 1 and 2, and 3 when further keys are counted."""
    slots = [_slot(number, cells) for number in _SLOTS]
    further = cells.get(_FURTHER_KEYS, "")
    if further and not _is_placeholder(further):
        numbers = re.findall(r"\d+", further, re.ASCII)
        if not numbers or any(number.strip("0") for number in numbers):
            unreadable = () if numbers else (_FURTHER_KEYS,)
            slots.append(ReportSlot(_FURTHER_SLOT, SlotState.UNREAD, active=None, unreadable=unreadable))
    return tuple(slots)


def _slot(number: int, cells: Mapping[str, str]) -> ReportSlot:
    prefix = f"access_key_{number}_"
    active_text = cells.get(f"{prefix}active")
    active = None if active_text is None else _BOOLEANS.get(active_text.casefold())
    dates = {name: cells[name] for part in ("last_rotated", "last_used_date") if (name := prefix + part) in cells}
    times = {name: parse_timestamp(text) for name, text in dates.items()}
    unreadable = [name for name, time in times.items() if time is None and not _is_placeholder(dates[name])]
    if active_text is not None and active is None and not _is_placeholder(active_text):
        unreadable.insert(0, f"{prefix}active")
    says_nothing = (
        all(_is_placeholder(cells.get(name, "")) for name in (f"{prefix}last_rotated", f"{prefix}last_used_date"))
        and all(_is_placeholder(cells.get(f"{prefix}last_used_{part}") or "N/A") for part in ("region", "service"))
    )  # fmt: skip
    return ReportSlot(
        number,
        _state(active=active, has_date=any(times.values()), says_nothing=says_nothing),
        active,
        last_rotated_at=times.get(f"{prefix}last_rotated"),
        last_use=_last_use(cells, prefix, times.get(f"{prefix}last_used_date")),
        unreadable=tuple(unreadable),
    )


def _state(*, active: bool | None, has_date: bool, says_nothing: bool) -> SlotState:
    if active:
        return SlotState.ACTIVE
    if has_date:
        return SlotState.UNKNOWN if active is None else SlotState.INACTIVE
    return SlotState.NO_KEY if active is False and says_nothing else SlotState.UNREAD


def _last_use(cells: Mapping[str, str], prefix: str, used_at: datetime | None) -> LastUse:
    if used_at is not None:
        return LastUsed(used_at, _value(cells, f"{prefix}last_used_region"), _value(cells, f"{prefix}last_used_service"))
    if cells.get(f"{prefix}last_used_date", "").casefold() in _NEVER_USED:
        return NoLastUse.NEVER_RECORDED
    return NoLastUse.UNKNOWN


def _value(cells: Mapping[str, str], name: str) -> str | None:
    text = cells.get(name, "")
    return None if not text or _is_placeholder(text) else text


def _is_placeholder(text: str) -> bool:
    return text.casefold() in _PLACEHOLDERS
