"""Damage of any kind never raises, and never makes a report that shows a key into one that does not."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.sources.files.saved_files import (
    ACTIVE,
    INACTIVE,
    Refused,
    Report,
    answer,
    encoded,
    outcome,
    read,
    report,
    root,
    user,
)

KEYED: Final = (report(root(**ACTIVE), user("alice")), report(root(**INACTIVE), user("alice")))
SPELLINGS: Final[dict[str, Callable[[str], bytes]]] = {
    "UTF-8": str.encode,
    "UTF-8 with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "JSON": lambda text: answer(text).encode(),
    "base64": lambda text: encoded(text).encode(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("text", KEYED, ids=["active", "inactive"])
def test_cutting_a_keyed_report_short_never_hides_the_key(text: str, spell: Callable[[str], bytes]) -> None:
    data = spell(text)
    for length in range(len(data)):
        [result] = map(outcome, read(data[:length]))
        assert isinstance(result, Refused) or (isinstance(result, Report) and not result.slots.startswith("NO_KEY"))
