"""Every combination of a slot's columns."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import LastUsed, NoLastUse, ReportSlot, SlotState
from rootsweep.core.parsing.credential_report import slots_of

DATE: Final = "2019-05-06T07:08:09Z"
TIME: Final = datetime(2019, 5, 6, 7, 8, 9, tzinfo=UTC)
PLAIN: Final = {
    "access_key_1_active": "false",
    "access_key_1_last_rotated": "N/A",
    "access_key_1_last_used_date": "N/A",
    "access_key_1_last_used_region": "N/A",
    "access_key_1_last_used_service": "N/A",
}


def first_slot(**changes: str | None) -> ReportSlot:
    cells = PLAIN | {f"access_key_1_{name}": text for name, text in changes.items()}
    return slots_of({name: text for name, text in cells.items() if text is not None})[0]


@pytest.mark.parametrize(
    ("active", "last_rotated", "last_used_date", "state"),
    [
        ("true", DATE, DATE, SlotState.ACTIVE),
        ("TRUE", "N/A", "N/A", SlotState.ACTIVE),
        ("true", "soon", None, SlotState.ACTIVE),
        ("false", DATE, "N/A", SlotState.INACTIVE),
        ("False", "N/A", DATE, SlotState.INACTIVE),
        ("false", DATE, "junk", SlotState.INACTIVE),
        (None, DATE, None, SlotState.UNKNOWN),
        ("N/A", "N/A", DATE, SlotState.UNKNOWN),
        ("", DATE, "N/A", SlotState.UNKNOWN),
        ("0", DATE, "N/A", SlotState.UNKNOWN),
        ("false", "N/A", "no_information", SlotState.NO_KEY),
        ("FALSE", "n/a", "NOT_SUPPORTED", SlotState.NO_KEY),
        ("false", "no_information", "N/A", SlotState.UNREAD),
        ("false", "not_supported", "N/A", SlotState.UNREAD),
        ("false", "0001-01-01T00:00:00Z", "N/A", SlotState.UNREAD),
        ("false", "N/A", "1970-01-01T00:00:00+00:00", SlotState.UNREAD),
        ("false", "9999-12-31T23:59:59Z", "N/A", SlotState.UNREAD),
        ("N/A", "0001-01-01T00:00:00Z", "N/A", SlotState.UNREAD),
        ("true", "0001-01-01T00:00:00Z", "N/A", SlotState.ACTIVE),
        ("false", "2099-01-01T00:00:00Z", "N/A", SlotState.INACTIVE),
        ("false", None, "N/A", SlotState.UNREAD),
        ("false", "N/A", None, SlotState.UNREAD),
        ("false", "", "N/A", SlotState.UNREAD),
        ("false", "N/A", "", SlotState.UNREAD),
        ("false", "11/09/2026 13:15", "N/A", SlotState.UNREAD),
        ("false", "2019-05-06T07:08:09", "N/A", SlotState.UNREAD),
        ("not_supported", "N/A", "N/A", SlotState.UNREAD),
        ("N/A", "N/A", "N/A", SlotState.UNREAD),
        (None, "N/A", "N/A", SlotState.UNREAD),
        ("no", "N/A", "N/A", SlotState.UNREAD),
    ],
)
def test_the_state_of_a_slot(
    active: str | None, last_rotated: str | None, last_used_date: str | None, state: SlotState
) -> None:
    assert first_slot(active=active, last_rotated=last_rotated, last_used_date=last_used_date).state is state


@pytest.mark.parametrize(
    ("changes", "unreadable"),
    [
        ({}, ()),
        ({"active": "WAHR"}, ("access_key_1_active",)),
        ({"active": "N/A"}, ("access_key_1_active",)),
        ({"last_rotated": "no_information"}, ("access_key_1_last_rotated",)),
        ({"last_rotated": "2005-12-31T23:59:59Z"}, ("access_key_1_last_rotated",)),
        ({"last_used_date": "no_information"}, ()),
        ({"last_used_service": "s3"}, ("access_key_1_last_used_service",)),
        ({"last_used_date": DATE, "last_used_service": "s3"}, ()),
        ({"active": None, "last_rotated": None}, ()),
        ({"active": "true", "last_rotated": "06/05/2019"}, ("access_key_1_last_rotated",)),
        ({"last_rotated": "", "last_used_date": "x"}, ("access_key_1_last_rotated", "access_key_1_last_used_date")),
    ],
)
def test_unreadable_columns_are_named(changes: dict[str, str | None], unreadable: tuple[str, ...]) -> None:
    assert first_slot(**changes).unreadable == unreadable


@pytest.mark.parametrize(
    ("changes", "last_use"),
    [
        (
            {"last_used_date": DATE, "last_used_region": "us-east-1", "last_used_service": "s3"},
            LastUsed(TIME, "us-east-1", "s3"),
        ),
        ({"last_used_date": DATE}, LastUsed(TIME)),
        ({"last_used_date": DATE, "last_used_region": None, "last_used_service": ""}, LastUsed(TIME)),
        ({}, NoLastUse.NEVER_RECORDED),
        ({"last_used_date": "no_information"}, NoLastUse.NEVER_RECORDED),
        ({"last_used_date": "not_supported"}, NoLastUse.UNKNOWN),
        ({"last_used_date": None}, NoLastUse.UNKNOWN),
        ({"last_used_date": "yesterday"}, NoLastUse.UNKNOWN),
    ],
)
def test_the_last_use(changes: dict[str, str | None], last_use: LastUsed | NoLastUse) -> None:
    assert first_slot(**changes).last_use == last_use


def test_the_dates_and_the_flag_are_kept() -> None:
    assert first_slot(active="true", last_rotated=DATE) == ReportSlot(
        1, SlotState.ACTIVE, active=True, last_rotated_at=TIME, last_use=NoLastUse.NEVER_RECORDED
    )


@pytest.mark.parametrize("part", ["region", "service"])
def test_a_use_without_a_date_leaves_the_slot_unread(part: str) -> None:
    assert first_slot(**{f"last_used_{part}": "s3"}).state is SlotState.UNREAD


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("", []),
        ("N/A", []),
        ("0", []),
        ("0 access keys", []),
        ("1", [SlotState.UNREAD]),
        ("0 access keys, 10 certificates", [SlotState.UNREAD]),
        ("see ListAccessKeys", [SlotState.UNREAD]),
    ],
)
def test_further_keys_are_a_third_slot(text: str, states: list[SlotState]) -> None:
    slots = slots_of(PLAIN | {"additional_credentials_info": text})
    assert [slot.state for slot in slots[2:]] == states
    assert [slot.number for slot in slots] == [1, 2, 3][: len(slots)]


@pytest.mark.parametrize(
    ("columns", "numbers", "states"),
    [
        ({"access_key_3_active": "true"}, [1, 2, 3], [SlotState.ACTIVE]),
        ({"access_key_10_active": "TRUE"}, [1, 2, 10], [SlotState.ACTIVE]),
        ({"access_key_01_active": "true"}, [1, 2, 3], [SlotState.ACTIVE]),
        ({"access_key_0_active": "true"}, [1, 2, 3], [SlotState.ACTIVE]),
        ({"access_key_next_active": "true"}, [1, 2, 3], [SlotState.ACTIVE]),
        ({f"access_key_{'9' * 5000}_active": "true"}, [1, 2, 3], [SlotState.ACTIVE]),
        ({"access_key_10_active": "true", "access_key_3_active": "true"}, [1, 2, 10, 3], [SlotState.ACTIVE, SlotState.ACTIVE]),
        ({"access_key_3_active": "false"}, [1, 2, 3], [SlotState.UNREAD]),
        ({"access_key_3_last_rotated": DATE}, [1, 2, 3], [SlotState.UNKNOWN]),
        (
            {"access_key_3_active": "false", "access_key_3_last_rotated": "N/A", "access_key_3_last_used_date": "N/A"},
            [1, 2, 3],
            [SlotState.NO_KEY],
        ),
        (
            {"access_key_3_active": "true", "additional_credentials_info": "1"},
            [1, 2, 3, 4],
            [SlotState.ACTIVE, SlotState.UNREAD],
        ),
    ],
)
def test_a_slot_is_read_whatever_its_number(columns: dict[str, str], numbers: list[int], states: list[SlotState]) -> None:
    slots = slots_of(PLAIN | columns)
    assert [slot.number for slot in slots] == numbers
    assert [slot.state for slot in slots[2:]] == states


TEXTS: Final = st.one_of(
    st.none(), st.sampled_from(["true", "false", "N/A", "no_information", "not_supported", "", DATE, "junk"]), st.text()
)


@given(active=TEXTS, last_rotated=TEXTS, last_used_date=TEXTS)
def test_no_key_needs_false_and_no_date(active: str | None, last_rotated: str | None, last_used_date: str | None) -> None:
    slot = first_slot(active=active, last_rotated=last_rotated, last_used_date=last_used_date)
    placeholders = {"n/a", "no_information", "not_supported"}
    says_no_key = (
        (active or "").casefold() == "false"
        and (last_rotated or "").casefold() == "n/a"
        and (last_used_date or "").casefold() in placeholders
    )
    assert (slot.state is SlotState.NO_KEY) == says_no_key
