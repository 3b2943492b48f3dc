"""What a credential report tells of each access key slot of one user.

A slot says that it holds no key only when ``active`` is ``false``, ``last_rotated`` is ``N/A`` and nothing tells of a use:
whatever is missing, empty or unknown leaves the slot unread. AWS writes ``true`` or ``false`` in ``active``, and ``N/A`` in
``last_rotated`` where there is no key (IAM User Guide, "Get credential reports for your AWS account", and captured answers of
2026); ``no_information`` and ``not_supported`` do not say that there is none.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from rootsweep.documents.timestamps import parse_timestamp
from rootsweep.model.evidence import LastUse, LastUsed, NoLastUse, ReportSlot, SlotState

_PLACEHOLDERS: Final = frozenset({"n/a", "no_information", "not_supported"})
_NEVER_USED: Final = frozenset({"n/a", "no_information"})
_NO_KEY: Final = "n/a"
_BOOLEANS: Final = {"true": True, "false": False}
_SLOTS: Final = ("1", "2")
_SLOT_COLUMN: Final = re.compile(
    r"access_key_(?P<slot>.+)_(?:active|last_rotated|last_used_(?:date|region|service))", re.DOTALL
)
_LONGEST_NUMBER: Final = 4
_FURTHER_KEYS: Final = "additional_credentials_info"


def slots_of(cells: Mapping[str, str]) -> tuple[ReportSlot, ...]:
    """Read a row, given as stripped texts by lower-case column name.

    Returns slots 1 and 2, then one for each further ``access_key_N_…`` that the columns describe, whatever N is, then one
    where ``additional_credentials_info`` counts further keys.
    """
    described = {match["slot"] for name in cells if (match := _SLOT_COLUMN.fullmatch(name))}
    slots = [_slot(int(name), f"access_key_{name}_", cells) for name in _SLOTS]
    numbers = {slot.number for slot in slots}
    highest = max(numbers)
    for name in sorted(described - {*_SLOTS}):
        own = int(name) if name.isascii() and name.isdigit() and len(name) <= _LONGEST_NUMBER else 0
        # A slot whose columns hold no number of their own gets the next free one.
        number = highest + 1 if own == 0 or own in numbers else own
        numbers.add(number)
        highest = max(highest, number)
        slots.append(_slot(number, f"access_key_{name}_", cells))
    further = cells.get(_FURTHER_KEYS, "")
    if further and not _is_placeholder(further):
        counts = re.findall(r"\d+", further, re.ASCII)
        if not counts or any(count.strip("0") for count in counts):
            unreadable = () if counts else (_FURTHER_KEYS,)
            slots.append(ReportSlot(highest + 1, SlotState.UNREAD, active=None, unreadable=unreadable))
    return tuple(slots)


def _slot(number: int, prefix: str, cells: Mapping[str, str]) -> ReportSlot:
    active_text = cells.get(f"{prefix}active")
    active = None if active_text is None else _BOOLEANS.get(active_text.casefold())
    rotated, used = f"{prefix}last_rotated", f"{prefix}last_used_date"
    times = {name: parse_timestamp(cells[name]) for name in (rotated, used) if name in cells}
    unreadable = [f"{prefix}active"] if active_text is not None and active is None else []
    if times.get(rotated) is None and cells.get(rotated, _NO_KEY).casefold() != _NO_KEY:
        unreadable.append(rotated)
    if times.get(used) is None and not _is_placeholder(cells.get(used, _NO_KEY)):
        unreadable.append(used)
    if not any(times.values()):
        unreadable += [name for part in ("region", "service") if _value(cells, name := f"{prefix}last_used_{part}") is not None]
    is_whole = rotated in cells and used in cells
    return ReportSlot(
        number,
        _state(active=active, has_date=any(times.values()), says_nothing=is_whole and not unreadable),
        active,
        last_rotated_at=times.get(rotated),
        last_use=_last_use(cells, prefix, times.get(used)),
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
